const DAY_MS = 86_400_000;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const shortDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'short' });
const longDay = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const longDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

/** Hours and minutes. All times are milliseconds since 1970, shown in the reader's zone. */
export const clockTime = (at: number) => clock.format(at);

/** Day and time, to the second. */
export const fullTime = (at: number) => full.format(at);

/*
 * What is said relative to `now` goes out of date: components take it from `useNow`.
 */

/** For a list: the time today, the weekday this week, then the date. */
export function briefTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clock.format(at);
  if (days < 7) return weekday.format(at);
  return isSameYear(at, now) ? shortDay.format(at) : shortDate.format(at);
}

/** For what separates days: "today", "yesterday", "Tuesday 3 March", with the year if it is another. */
export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return capital(relative.format(-days, 'day'));
  return isSameYear(at, now) ? longDay.format(at) : longDate.format(at);
}

/** Midnights between two times, in the reader's zone: days of 23 and 25 hours count as one. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY_MS);
}

/** Since when, in a sentence: a time today, else with its day, and the date alone after a week. */
export function sinceTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days >= 7 || days < 0)
    return isSameYear(at, now) ? shortDay.format(at) : shortDate.format(at);
  if (days === 0) return clock.format(at);
  const day = days === 1 ? relative.format(-1, 'day') : weekday.format(at);
  return `${day}, ${clock.format(at)}`;
}

export function greeting(now: Date): string {
  const hour = now.getHours();
  if (hour < 5 || hour >= 18) return 'Good evening';
  return hour < 12 ? 'Good morning' : 'Good afternoon';
}

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
const isSameYear = (one: number, other: number) =>
  new Date(one).getFullYear() === new Date(other).getFullYear();
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
