/** How far somebody has read a room, and where what is new to him begins. */
export interface Reading {
  /** Whether it is known what was read before one came: the list of rooms says it. */
  readonly begun: boolean;
  /** The newest seq that is known; 0 before anything is. */
  readonly upTo: number;
  /** Everything up to this seq was on the screen, or passed by on purpose. */
  readonly mark: number;
  /** The line "new" stands after this seq; undefined without one. */
  readonly unreadAfter: number | undefined;
  /** Whether the screen shows what follows the mark, or what one scrolled to from there. */
  readonly joined: boolean;
  /** The seq of the first message on the screen. */
  readonly top: number | undefined;
  /** Leads the list to where the new ones begin: another object for each time. */
  readonly landing: Landing | undefined;
  /** Whether it is to be led there when the reader looks at the page again. */
  readonly landsLater: boolean;
}

/** Told apart by identity. */
export type Landing = Readonly<Record<string, never>>;

type StepOf<Type extends ReadingStep['type']> = Extract<ReadingStep, { type: Type }>;

export type ReadingStep =
  /** The room is there, and it is known up to where it was read. */
  | ({ type: 'came'; read: number } & Growth)
  /** The newest is another one. `live`: it came by itself, it had not been missed. */
  | ({ type: 'grew'; live: boolean } & Growth)
  /** From `first` to `last` it is on the screen; `hopped`: not by scrolling there. */
  | { type: 'shown'; first: number; last: number; hopped: boolean }
  /** One chose to go to the newest; `said`: by saying something. */
  | { type: 'passed'; said: boolean }
  /** Another tab or device has read up to there. */
  | { type: 'heard'; read: number }
  /** The page is in view again. */
  | { type: 'back' };

interface Growth {
  readonly upTo: number;
  /** Whether the list is at the newest, and follows what comes. */
  readonly follows: boolean;
  /** Whether the page is in view. */
  readonly visible: boolean;
}

export const NOT_BEGUN: Reading = {
  begun: false,
  upTo: 0,
  mark: 0,
  unreadAfter: undefined,
  joined: true,
  top: undefined,
  landing: undefined,
  landsLater: false,
};

/** @returns `reading` itself when nothing has changed */
export function nextReading(reading: Reading, step: ReadingStep): Reading {
  switch (step.type) {
    case 'came':
      return came(reading, step);
    case 'grew':
      return grew(reading, step);
    case 'shown':
      return shown(reading, step);
    case 'passed':
      return passed(reading, step.said);
    case 'heard':
      return step.read > reading.mark ? { ...reading, mark: step.read } : reading;
    case 'back':
      if (!reading.landsLater) return reading;
      return { ...reading, landing: {}, landsLater: false };
  }
}

/** How many came that were not on the screen. */
export const unseenOf = ({ upTo, mark }: Reading): number => Math.max(0, upTo - mark);

/** Whether the first new one is above the screen, and nobody has seen it. */
export function isAbove({ unreadAfter, mark, upTo, top = 0 }: Reading): boolean {
  return unreadAfter !== undefined && mark <= unreadAfter && mark < upTo && top > unreadAfter + 1;
}

function came(reading: Reading, { read, ...growth }: StepOf<'came'>): Reading {
  const { top } = reading;
  const { upTo } = growth;
  const begun = { ...NOT_BEGUN, begun: true, upTo, mark: read, top };
  if (read >= upTo) return begun;
  const joined = top !== undefined && top <= read + 1;
  return { ...begun, joined, unreadAfter: read, ...landingOf(growth) };
}

function grew(reading: Reading, { type: _, live, ...growth }: StepOf<'grew'>): Reading {
  const { begun, joined, mark } = reading;
  const { upTo, follows, visible } = growth;
  if (upTo === reading.upTo) return reading;
  // Another log under the same name.
  if (upTo < reading.upTo) return came(NOT_BEGUN, { type: 'came', read: 0, ...growth });
  // Before it is known what was read, only what comes below the screen can be counted.
  if (!begun) return { ...reading, upTo, mark: follows || reading.upTo === 0 ? upTo : mark };
  if (!joined || mark < reading.upTo) return { ...reading, upTo };
  // Whoever looks at the newest saw it come.
  if (follows && visible && live) return { ...reading, upTo, mark: upTo };
  return { ...reading, upTo, unreadAfter: mark, ...landingOf(growth) };
}

/** One who reads what was said before stays there. */
function landingOf({ follows, visible }: Growth): Partial<Reading> {
  return follows && visible ? { landing: {} } : { landsLater: follows };
}

function shown(reading: Reading, step: StepOf<'shown'>): Reading {
  const { first, last, hopped } = step;
  const joined = first <= reading.mark + 1 || (reading.joined && !hopped);
  const mark = joined ? Math.max(reading.mark, last) : reading.mark;
  const same = joined === reading.joined && mark === reading.mark && first === reading.top;
  return same ? reading : { ...reading, joined, mark, top: first };
}

function passed(reading: Reading, said: boolean): Reading {
  const { upTo, unreadAfter } = reading;
  const over = { mark: upTo, joined: true, landing: undefined, landsLater: false };
  return { ...reading, ...over, unreadAfter: said ? undefined : unreadAfter };
}
