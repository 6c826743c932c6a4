import { readdirSync, readFileSync } from 'node:fs';

/** What /proc counts in: hundredths of a second, on every Linux. */
const TICK_MS = 10;

export interface ProcessUsage {
  /** User and system time so far, in milliseconds; of children that have ended, too. */
  cpuMs: number;
  /** Resident memory now. */
  rssMb: number;
}

interface Stat {
  parent: number;
  ticks: number;
}

/**
 * What a process and all that it started use.
 *
 * @throws Error where there is no /proc, as anywhere but on Linux
 */
export function processUsage(pid: number): ProcessUsage {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const text = /^\d+$/.test(name) ? readProc(Number(name), 'stat') : undefined;
    if (text !== undefined) stats.set(Number(name), parseStat(text));
  }
  const usage = { cpuMs: 0, rssMb: 0 };
  const tree = [pid];
  for (const member of tree) {
    const stat = stats.get(member);
    if (!stat) continue;
    usage.cpuMs += stat.ticks * TICK_MS;
    usage.rssMb += rssKbOf(readProc(member, 'status') ?? '') / 1_024;
    for (const [child, { parent }] of stats) if (parent === member) tree.push(child);
  }
  return usage;
}

/** @returns undefined of one that has ended meanwhile */
function readProc(pid: number, file: 'stat' | 'status'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** See proc_pid_stat(5). The name, in brackets, may hold spaces and brackets. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const at = (number: number) => Number(fields[number - 3]);
  return { parent: at(4), ticks: at(14) + at(15) + at(16) + at(17) };
}

/** Of /proc/PID/status, which a process that has ended leaves without it. */
export const rssKbOf = (status: string) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
