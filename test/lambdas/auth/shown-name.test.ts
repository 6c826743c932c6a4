import { describe, expect, test } from '@jest/globals';
import { shownName } from '../../../lambdas/auth/shown-name.ts';
import { usernameProblem } from '../../../protocol/names.ts';

const CORP = { uniqueNames: true, label: 'corp' };
const ID = 'corp:alice';
const SIGN = '#f5f4bd68';

const shown = (name: string | undefined, rules = CORP) => shownName(name, ID, rules);
const signOf = (name: string) => / (#[0-9a-f]{8})/.exec(name)?.[1];

describe("another issuer's user is shown", () => {
  test('by a name that is his alone, and the issuer', () => {
    expect(shown('alice')).toBe('alice (corp)');
    expect(shown('alice@example.com')).toBe('alice@example.com (corp)');
    expect(shown('Jürgen')).toBe('Jürgen (corp)');
  });

  test('with the sign of his id, where others may be called the same', () => {
    const sign = signOf(shown('Alice Smith'));
    expect(shown('Alice Smith')).toBe(`Alice Smith ${sign} (corp)`);
    expect(shown('alice', { ...CORP, uniqueNames: false })).toBe(`alice ${sign} (corp)`);
    expect(shownName('Alice Smith', 'corp:eve', CORP)).not.toBe(shown('Alice Smith'));
    expect(shown(undefined)).toBe(`user ${sign} (corp)`);
  });

  test('without what nobody sees in his name, and not by nothing', () => {
    const sign = signOf(shown('Alice Smith'));
    expect(shown('\u{13441}Alice\u{16fe4}\nSm\u00adith')).toBe(`Alice Smith ${sign} (corp)`);
    expect(shown('\u3164\u200b \u{13441}')).toBe(`user ${sign} (corp)`);
  });

  test('without a label where there is nobody to tell him from', () => {
    const rules = { uniqueNames: true, label: '' };
    expect(shown('alice', rules)).toBe('alice');
    expect(shown('Alice Smith', rules)).toMatch(/^Alice Smith #[0-9a-f]{8}$/);
  });
});

describe('nobody is shown as another', () => {
  const unlabelled = { uniqueNames: true, label: '' };

  test.each([
    ['an issuer of his own', 'alice (other)'],
    ['the sign of another', `alice ${SIGN}`],
    ['brackets of another kind', 'alice （other）'],
    ['letters of another script', 'аlice'],
    ['a letter that does not show', 'ali\u200bce'],
    ['a mark that turns the text', 'alice\u202e(proc)'],
    ['a line break', 'alice\n(other)'],
    ['a form of the letters that is another', 'ａlice'],
    ['a heap of marks', `alic${'e\u0301'}${'\u0301'.repeat(40)}`],
    ['nothing but marks', '\u0301\u0301'],
    ['nothing that shows', '\u3164\u2800'],
    ['what a page might read', '<b>alice</b>'],
  ])('with %s in the name', (_, name) => {
    for (const rules of [CORP, unlabelled]) {
      const result = shown(name, rules);
      expect(result).toMatch(/^[\p{L}\p{M}\p{N}_.@+'’ -]+ #[0-9a-f]{8}( \(corp\))?$/u);
      expect(result).not.toMatch(/\p{Default_Ignorable_Code_Point}|\p{M}{5}/u);
    }
  });

  test('nor as a built-in account: no username has brackets', () => {
    for (const name of ['alice', 'Alice Smith', undefined]) {
      expect(usernameProblem(shown(name))).toBeDefined();
    }
  });

  test('a name is cut before it pushes the sign and the issuer out of sight', () => {
    const name = shown(`${'a'.repeat(400)} b`);
    expect(name.length).toBeLessThan(90);
    expect(name).toMatch(/ #[0-9a-f]{8} \(corp\)$/);
  });
});
