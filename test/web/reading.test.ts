import { describe, expect, test } from '@jest/globals';
import {
  isAbove,
  NOT_BEGUN,
  nextReading,
  type Reading,
  type ReadingStep,
  unseenOf,
} from '../../web/room/reading.ts';

const AT_NEWEST = { follows: true, visible: true };
const READING_BACK = { follows: false, visible: true };
const HIDDEN = { follows: true, visible: false };

const readingAfter = (...steps: ReadingStep[]): Reading => steps.reduce(nextReading, NOT_BEGUN);
const came = (read: number, upTo: number, view = AT_NEWEST): ReadingStep => ({
  ...{ type: 'came', read, upTo },
  ...view,
});
const grew = (upTo: number, view = AT_NEWEST, live = true): ReadingStep => ({
  ...{ type: 'grew', upTo, live },
  ...view,
});
const shown = (first: number, last: number, hopped = false): ReadingStep => ({
  ...{ type: 'shown', first, last, hopped },
});

describe('a room that somebody comes to', () => {
  test('leads to what is new, and has read no more than before', () => {
    const reading = readingAfter(came(60, 100));
    expect(reading).toMatchObject({ mark: 60, unreadAfter: 60, landing: {} });
    expect(unseenOf(reading)).toBe(40);
    expect(readingAfter(came(100, 100))).toMatchObject({
      unreadAfter: undefined,
      landing: undefined,
    });
  });

  test('leads nowhere a reader who reads something else', () => {
    expect(readingAfter(came(60, 100, READING_BACK))).toMatchObject({
      unreadAfter: 60,
      landing: undefined,
    });
  });

  test('is read as far as it was on the screen', () => {
    const landed = readingAfter(came(60, 100), shown(59, 72, true));
    expect(landed).toMatchObject({ mark: 72, unreadAfter: 60 });
    expect(nextReading(landed, shown(70, 83)).mark).toBe(83);
    // Back is not forth.
    expect(nextReading(landed, shown(40, 55)).mark).toBe(72);
    // Whoever drags the bar passes by what lies between.
    expect(nextReading(landed, shown(90, 100)).mark).toBe(100);
  });

  test('is not read by hopping over what is new', () => {
    const hopped = readingAfter(came(60, 9_600), shown(9_590, 9_600, true));
    expect(hopped.mark).toBe(60);
    expect(isAbove(hopped)).toBe(true);
    // Nor by what is scrolled to from there, nor by what comes there.
    const further = [shown(9_500, 9_520), shown(9_590, 9_600), grew(9_601), shown(9_591, 9_601)];
    expect(further.reduce(nextReading, hopped).mark).toBe(60);
    const scrolledThere = nextReading(hopped, shown(61, 75));
    expect(scrolledThere.mark).toBe(75);
    expect(isAbove(scrolledThere)).toBe(false);
  });

  test('has read all once one chooses the newest, and has nothing new once one spoke', () => {
    const passed = readingAfter(came(60, 100), { type: 'passed', said: false });
    expect(passed).toMatchObject({ mark: 100, unreadAfter: 60, landing: undefined });
    const said = readingAfter(came(60, 100), { type: 'passed', said: true });
    expect(said).toMatchObject({ mark: 100, unreadAfter: undefined });
  });

  test('has read what another device has', () => {
    const elsewhere = readingAfter(came(60, 9_600), shown(9_590, 9_600, true), {
      type: 'heard',
      read: 9_600,
    });
    expect(isAbove(elsewhere)).toBe(false);
    expect(nextReading(elsewhere, { type: 'heard', read: 70 }).mark).toBe(9_600);
  });
});

describe('what comes while a room is open', () => {
  const readAll = readingAfter(came(100, 100), shown(80, 100));

  test('is read by who looks at the newest', () => {
    expect(nextReading(readAll, grew(101))).toMatchObject({ mark: 101, unreadAfter: undefined });
  });

  test('is new to who reads what was said before, and leads nowhere', () => {
    const back = [shown(40, 60), grew(101, READING_BACK), grew(102, READING_BACK)];
    const reading = back.reduce(nextReading, readAll);
    expect(reading).toMatchObject({ mark: 100, unreadAfter: 100, landing: undefined });
    expect(unseenOf(reading)).toBe(2);
  });

  test('is new to who looks at something else, and led to when the page is in view again', () => {
    const hidden = [grew(101, HIDDEN), grew(140, HIDDEN)].reduce(nextReading, readAll);
    expect(hidden).toMatchObject({ mark: 100, unreadAfter: 100, landing: undefined });
    const back = nextReading(hidden, { type: 'back' });
    expect(back).toMatchObject({ mark: 100, landing: {} });
    // Once.
    expect(nextReading(back, { type: 'back' })).toBe(back);
  });

  test('is new, and led to, where it was missed', () => {
    expect(nextReading(readAll, grew(140, AT_NEWEST, false))).toMatchObject({
      ...{ mark: 100, unreadAfter: 100, landing: {} },
    });
  });

  test('goes on from where new ones began that nobody has read', () => {
    const reading = readingAfter(came(60, 100, HIDDEN), grew(140, HIDDEN));
    expect(reading).toMatchObject({ unreadAfter: 60, upTo: 140 });
  });

  test('is all new in another log of the same name', () => {
    expect(nextReading(readAll, grew(7))).toMatchObject({ mark: 0, upTo: 7, unreadAfter: 0 });
  });

  test('is counted, and no more, before it is known what was read', () => {
    const unknown = readingAfter(grew(50), grew(90, READING_BACK));
    expect(unseenOf(unknown)).toBe(40);
    expect(unknown).toMatchObject({ begun: false, unreadAfter: undefined, landing: undefined });
    expect(nextReading(unknown, came(50, 90))).toMatchObject({ begun: true, unreadAfter: 50 });
  });
});
