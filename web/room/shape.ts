import type { Line } from './lines.ts';

/** How the lines on the screen relate to those before: what a virtual list has to be told. */
export interface Shape {
  readonly first: string | undefined;
  readonly last: string | undefined;
  readonly length: number;
  /** Lines came, or went, at the start only: what is on the screen shall stay where it is. */
  readonly shift: boolean;
  /** Counts how often the lines became altogether others: the list is made anew. */
  readonly generation: number;
}

export const NO_SHAPE: Shape = {
  first: undefined,
  last: undefined,
  length: 0,
  shift: false,
  generation: 0,
};

/** @returns `previous` itself when nothing has changed */
export function nextShape(previous: Shape, lines: readonly Line[]): Shape {
  const [first, last, length] = [lines[0]?.key, lines.at(-1)?.key, lines.length];
  const same = first === previous.first && last === previous.last && length === previous.length;
  if (same) return previous;
  const shift = length > 0 && last === previous.last && first !== previous.first;
  const goesOn = shift || previous.length === 0 || overlaps(previous, lines);
  const generation = previous.generation + (goesOn ? 0 : 1);
  return { first, last, length, shift, generation };
}

/** Whether something that stood at either end is still there. */
function overlaps({ first, last }: Shape, lines: readonly Line[]): boolean {
  // From the end: a list that only grows has its last line near there.
  return lines.findLastIndex(({ key }) => key === last || key === first) >= 0;
}
