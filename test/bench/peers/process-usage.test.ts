import { describe, expect, test } from '@jest/globals';
import { parseStat, processUsage, rssKbOf } from '../../../bench/peers/process-usage.ts';

describe('what a process uses', () => {
  test('is read past a name with brackets and spaces in it', () => {
    const text = '42 (a ) (b) S 7 42 42 0 -1 4194304 100 0 0 0 11 22 3 4 20 0 1 0 500 1000 25';
    expect(parseStat(text)).toEqual({ parent: 7, ticks: 11 + 22 + 3 + 4 });
  });

  test('is resident memory in kB, and none of one that has ended', () => {
    expect(rssKbOf('VmHWM:\t  200 kB\nVmRSS:\t  100 kB\nRssAnon:\t 50 kB\n')).toBe(100);
    expect(rssKbOf('State:\tZ (zombie)\n')).toBe(0);
  });

  test('of this process is what Node says of it', () => {
    const { user, system } = process.cpuUsage();
    const { cpuMs, rssMb } = processUsage(process.pid);
    expect(cpuMs).toBeGreaterThan((user + system) / 1_000 - 1_000);
    expect(rssMb).toBeGreaterThan(10);
  });
});
