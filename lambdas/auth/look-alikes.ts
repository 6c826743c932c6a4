import type { LookAlikes } from '../chat/ports/look-alikes.ts';

/**
 * UTS #39's skeletons, of names in which case doesn't count.
 *
 * - Case comes after the look: a Greek "ΤΟΜ" looks like "TOM", and so takes the place of "tom";
 *   "том" in small letters does so only once somebody writes it in capitals.
 * - Of ASCII, I and l count as one, for most fonts draw them alike. UTS #39 has 1 and l, 0 and O,
 *   m and rn beside them: people choose "bo1" beside "bol" and "b0b" beside "bob" on purpose, and
 *   readers see the difference.
 */
export const lookAlikes: LookAlikes = {
  async of(name) {
    const { default: prototypes } = await table();
    const forms = [name, name.toUpperCase()].map((form) => skeleton(form, prototypes));
    return [...new Set(forms)];
  },
};

type Table = typeof import('unhomoglyph');

let loaded: Promise<Table> | undefined;

/** Unicode's confusables.txt, loaded with the first registration: nothing else needs it. */
function table(): Promise<Table> {
  loaded ??= import('unhomoglyph');
  return loaded;
}

function skeleton(form: string, prototypes: (text: string) => string): string {
  const drawn = form
    .normalize('NFD')
    .replaceAll(/\P{ASCII}+/gu, prototypes)
    .replaceAll(SMALL_CAPITAL, (letter) => SMALL_CAPITALS[letter] ?? letter)
    .replaceAll('I', 'l');
  // L looks like no other letter; in small it would be what I has just become.
  return drawn.replaceAll(/[^L]+/g, (text) => text.toLowerCase()).normalize('NFD');
}

/** Unicode has these for no look-alikes of the letters that they are drawn like. */
const SMALL_CAPITALS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['ᴀa', 'ʙb', 'ᴅd', 'ᴇe', 'ꜰf', 'ɢg', 'ʜh', 'ᴊj', 'ĸk', 'ʟl', 'ʍm', 'ᴍm', 'ɴn'],
    ...['ᴘp', 'ꞯq', 'ʀr', 'ᴛt'],
  ].map((pair) => [...pair]),
);
const SMALL_CAPITAL = new RegExp(`[${Object.keys(SMALL_CAPITALS).join('')}]`, 'gu');
