import { describe, expect, test } from '@jest/globals';
import { type Emoji, inGroup, searchEmoji } from '../../web/composer/emoji-search.ts';
import { neighbour } from '../../web/composer/neighbour.ts';

const ALL: Emoji[] = [
  { unicode: '🥰', label: 'smiling face with hearts', tags: ['love'], group: 0 },
  { unicode: '😉', label: 'winking face', tags: ['heartbreaker'], group: 0 },
  { unicode: '❤️', label: 'red heart', group: 0 },
  { unicode: '🫶', label: 'hands making sweetheart', group: 1 },
];
const found = (typed: string) => searchEmoji(ALL, typed).map(({ unicode }) => unicode);

describe('emoji', () => {
  test('are found by name before tags, and by words that begin so before others', () => {
    expect(found('heart')).toEqual(['🥰', '❤️', '😉', '🫶']);
  });

  test('are found by several words in any order and case', () => {
    expect(found('Face LOVE')).toEqual(['🥰']);
    expect(found('heart nothing')).toEqual([]);
  });

  test('are no more than asked for', () => {
    expect(searchEmoji(ALL, 'e', 2)).toHaveLength(2);
  });

  test('stand in their groups', () => {
    expect(inGroup(ALL, 1).map(({ unicode }) => unicode)).toEqual(['🫶']);
  });
});

describe('an arrow key', () => {
  const place = (top: number, left: number) => ({ getBoundingClientRect: () => ({ top, left }) });
  // Two rows of three, a heading, a row of two, and one of which the last stands alone.
  const [a, b, c, d, e, f, g, h, i] = [
    ...[place(0, 0), place(0, 10), place(0, 20)],
    ...[place(10, 0), place(10, 10), place(10, 20)],
    ...[place(40, 0), place(40, 10), place(50, 20)],
  ] as const;
  const all = [a, b, c, d, e, f, g, h, i] as ReturnType<typeof place>[];
  const from = (element: ReturnType<typeof place> | undefined, key: string) =>
    element && neighbour(all, element, key);

  test('goes on in the row, and over its end', () => {
    expect(from(a, 'ArrowRight')).toBe(b);
    expect(from(c, 'ArrowRight')).toBe(d);
    expect(from(d, 'ArrowLeft')).toBe(c);
  });

  test('goes to the nearest in the next row, also of another group', () => {
    expect(from(b, 'ArrowDown')).toBe(e);
    expect(from(f, 'ArrowDown')).toBe(h);
    expect(from(h, 'ArrowUp')).toBe(e);
  });

  test('leads out at the top, and nowhere at the bottom', () => {
    expect(from(b, 'ArrowUp')).toBeNull();
    expect(from(a, 'ArrowLeft')).toBeNull();
    expect(from(i, 'ArrowDown')).toBeUndefined();
    expect(from(i, 'ArrowRight')).toBeUndefined();
    expect(from(a, 'x')).toBeUndefined();
  });
});
