import { RATE_FRAMES, RATE_WINDOW } from '../../protocol/limits.ts';

/**
 * The exact rate limit "at most RATE_FRAMES in any stretch of RATE_WINDOW" in the one write that
 * identifies a frame's sender anyway.
 *
 * A connection's item keeps the times of its last RATE_FRAMES frames in attributes t0 (newest) to
 * t19. A new frame shifts them all by one, on condition that the oldest has left the window. A
 * counter per window would need a second write whenever a window begins, which for people who
 * write every minute is each time.
 */
const slot = (age: number) => `t${age}`;
const ages = Array.from({ length: RATE_FRAMES }, (_, age) => age);

/** The attributes of a connection that has sent nothing yet. */
export const noFrames: Readonly<Record<string, number>> = Object.fromEntries(
  ages.map((age) => [slot(age), 0]),
);

/** Shifts the times by one and puts `:now` first. Operands mean the item as it was before. */
export const shiftFrames: string = `SET ${ages
  .map((age) => `${slot(age)} = ${age === 0 ? ':now' : slot(age - 1)}`)
  .join(', ')}`;

/** Holds when the new frame is within the rate. */
export const withinRate: string = `${slot(RATE_FRAMES - 1)} <= :windowStart`;

/** The values that `shiftFrames` and `withinRate` name. @param now milliseconds since 1970 */
export const frameRateValues = (now: number): Record<string, number> => ({
  ':now': now,
  ':windowStart': now - RATE_WINDOW * 1_000,
});
