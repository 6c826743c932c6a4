import { describe, expect, test } from '@jest/globals';
import type { Done } from '../../../bench/peers/measure-peer.ts';
import { cellOf, isAhead, ROWS, textOf } from '../../../bench/peers/rows.ts';

const done = (change: Partial<Done> = {}): Done => ({
  ...{ messages: 800, seconds: 8, p50: 5, p99: 20 },
  ...{ deliveries: 1_600, due: 1_600, refused: 0, cpuMs: 160, rssMb: 100 },
  ...change,
});

describe('a row of the peers', () => {
  test('is the median of the rounds that did the work', () => {
    const rounds = [done(), { broke: 'a busy machine' }, done({ messages: 1_600 })];
    const cell = cellOf(ROWS.rate, rounds);
    expect(cell).toEqual({ kind: 'value', value: 100, lost: 0 });
  });

  test('says why, where more rounds broke than did not', () => {
    const cell = cellOf(ROWS.rate, [done(), { broke: 'the server ended' }]);
    expect(cell).toEqual({ kind: 'broke', why: 'the server ended' });
    expect(textOf(ROWS.rate, cell)).toBe('broke');
  });

  test('tells a loss, and what lost more than a hundredth is not ahead', () => {
    const fast = cellOf(ROWS.roomCpu, [done({ cpuMs: 1, deliveries: 800 })]);
    const whole = cellOf(ROWS.roomCpu, [done()]);
    expect(textOf(ROWS.roomCpu, fast)).toBe('0.001 (50.0 % lost)');
    expect(isAhead(ROWS.roomCpu, fast, whole)).toBe(false);
    expect(isAhead(ROWS.roomCpu, whole, fast)).toBe(true);
  });

  test('of memory counts, whatever was lost', () => {
    const dead = cellOf(ROWS.memory, [done({ deliveries: 0, rssMb: 90 })]);
    expect(isAhead(ROWS.memory, dead, cellOf(ROWS.memory, [done()]))).toBe(true);
  });

  test('is a loss alone, where nothing came', () => {
    const { p50: _p50, p99: _p99, ...nothing } = done({ deliveries: 0 });
    const rounds = [nothing];
    expect(textOf(ROWS.roomCpu, cellOf(ROWS.roomCpu, rounds))).toBe('100.0 % lost');
    expect(textOf(ROWS.roomsP50, cellOf(ROWS.roomsP50, rounds))).toBe('100.0 % lost');
  });

  test('is won by the larger or the smaller number, as the row has it', () => {
    const [slow, fast] = [[done()], [done({ messages: 1_600, p50: 2 })]];
    for (const row of [ROWS.rate, ROWS.turn]) {
      expect(isAhead(row, cellOf(row, fast), cellOf(row, slow))).toBe(true);
      expect(isAhead(row, cellOf(row, slow), cellOf(row, fast))).toBe(false);
    }
  });

  test('that was not asked of a peer is won by nobody', () => {
    const none = cellOf(ROWS.roomsP50, [undefined]);
    expect(textOf(ROWS.roomsP50, none)).toBe('-');
    expect(isAhead(ROWS.roomsP50, cellOf(ROWS.roomsP50, [done()]), none)).toBe(false);
  });
});
