import { usernameKey } from '../../protocol/names.ts';

/** As many hues, each in two lightnesses: of 8 people rarely two look alike. */
const HUES = 12;
/** Relative luminances at which a colour stands out from black as well as from white, 3.5 to 1. */
const LUMINANCES = [0.135, 0.24] as const;
const COLOURS = HUES * LUMINANCES.length;
const SATURATION = 0.75;

/** The like of the xterm palette, whose contrast is 3 to 1 at least. */
const OF_256 = [
  160, 167, 166, 130, 136, 100, 64, 28, 29, 30, 31, 33, 27, 69, 62, 104, 99, 135, 129, 165, 164,
  170, 162, 168,
] as const;
/** What a terminal of 16 colours has, without those that may be its background. */
const OF_16 = [31, 32, 33, 34, 35, 36, 91, 92, 93, 94, 95, 96] as const;

/** Bits, as Node tells them: 1 without colours, which NO_COLOR asks for too; else 4, 8 or 24. */
const depthOf = (stream: NodeJS.WriteStream): number => (stream.isTTY ? stream.getColorDepth() : 1);

/**
 * A text in the colour of somebody's name, which is always the same for the same person.
 *
 * @param name as it is, not as it is shown
 */
export function inColourOf(
  name: string,
  text: string,
  depth: number = depthOf(process.stdout),
): string {
  const start = colourCode(hashOf(usernameKey(name)), depth);
  return start === undefined ? text : `\u001b[${start}m${text}\u001b[39m`;
}

function colourCode(hash: number, depth: number): string | undefined {
  if (depth < 4) return undefined;
  if (depth < 8) return String(OF_16[hash % OF_16.length]);
  if (depth < 24) return `38;5;${OF_256[hash % OF_256.length]}`;
  return `38;2;${colourAt(hash % COLOURS).join(';')}`;
}

/** FNV-1a, and the last steps of Murmur3: names that differ by a letter at the end are far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** The colour of a number: hues are not equally light, so the lightness is looked for. */
export function colourAt(index: number): Rgb {
  const hue = (360 / HUES) * (index % HUES);
  const wanted = LUMINANCES[Math.floor(index / HUES)] ?? LUMINANCES[0];
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (luminance(toRgb(hue, middle)) < wanted) low = middle;
    else high = middle;
  }
  return toRgb(hue, low);
}

/** From HSL. */
function toRgb(hue: number, lightness: number): Rgb {
  const reach = SATURATION * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const at = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - reach * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** WCAG's relative luminance, from 0 to 1. */
export function luminance([red, green, blue]: Rgb): number {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
