import { describe, expect, test } from '@jest/globals';
import { briefTime, dayName, daysBetween, greeting, sinceTime } from '../../web/room/times.ts';

const local = (...parts: [number, number, number, number?, number?]) =>
  new Date(...parts).getTime();
/** In the language of who runs this, as the page shows it. */
const weekday = (style: 'long' | 'short', at: number) =>
  new Intl.DateTimeFormat(undefined, { weekday: style }).format(at);
const NOW = local(2026, 10, 18, 15, 30);

describe('times', () => {
  test('are days apart by midnights, also over changes of the clock', () => {
    expect(daysBetween(local(2026, 10, 17, 23, 59), local(2026, 10, 18, 0, 1))).toBe(1);
    expect(daysBetween(local(2026, 10, 18, 0, 0), local(2026, 10, 18, 23, 59))).toBe(0);
    // Every night of two years: wherever this runs, some of them have 23 or 25 hours.
    for (let day = 0; day < 730; day++) {
      expect(daysBetween(local(2026, 0, day), local(2026, 0, day + 1, 1))).toBe(1);
    }
  });

  test('name today and yesterday, then the day, and another year', () => {
    const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
    expect(dayName(NOW, NOW).toLowerCase()).toBe(words.format(0, 'day').toLowerCase());
    const yesterday = dayName(local(2026, 10, 17, 1), NOW).toLowerCase();
    expect(yesterday).toBe(words.format(-1, 'day').toLowerCase());
    expect(dayName(local(2026, 10, 12), NOW)).toContain(weekday('long', local(2026, 10, 12)));
    expect(dayName(local(2026, 10, 12), NOW)).not.toMatch(/2026/);
    expect(dayName(local(2025, 10, 12), NOW)).toMatch(/2025/);
  });

  test('are brief in a list', () => {
    expect(briefTime(local(2026, 10, 18, 9, 5), NOW)).toMatch(/9.05/);
    expect(briefTime(local(2026, 10, 16), NOW)).toBe(weekday('short', local(2026, 10, 16)));
    expect(briefTime(local(2026, 9, 2), NOW)).toMatch(/2/);
    expect(briefTime(local(2026, 9, 2), NOW)).not.toMatch(/26|:/);
    expect(briefTime(local(2024, 9, 2), NOW)).toMatch(/24/);
  });

  test('say since when, with the day where it is another', () => {
    expect(sinceTime(local(2026, 10, 18, 9, 5), NOW)).toMatch(/^\D*9.05/);
    expect(sinceTime(local(2026, 10, 17, 9, 5), NOW)).toMatch(/^\D+, .*9.05/);
    const monday = local(2026, 10, 16, 9, 5);
    expect(sinceTime(monday, NOW)).toContain(`${weekday('short', monday)}, `);
    expect(sinceTime(local(2026, 9, 2, 9, 5), NOW)).not.toMatch(/9.05|2026/);
    expect(sinceTime(local(2024, 9, 2, 9, 5), NOW)).toMatch(/24/);
  });

  test('of another clock that is ahead are today', () => {
    expect(briefTime(NOW + 60_000, NOW)).toMatch(/31/);
  });

  test('greet by the hour', () => {
    const at = (hour: number) => greeting(new Date(2026, 10, 18, hour));
    expect([4, 5, 11, 12, 17, 18].map(at)).toEqual([
      ...['Good evening', 'Good morning', 'Good morning'],
      ...['Good afternoon', 'Good afternoon', 'Good evening'],
    ]);
  });
});
