import { jest } from '@jest/globals';

/** The lines that are written to this process's outputs from now on, until mocks are restored. */
export function printedLines(): string[] {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(...String(text).split('\n').filter(Boolean));
      return true;
    });
  }
  return lines;
}

/** Those that are requests' lines, and those that are metrics. */
export const requestsAmong = (lines: readonly string[]) => parsed(lines, 'route');
export const metricsAmong = (lines: readonly string[]) => parsed(lines, '_aws');

const parsed = (lines: readonly string[], key: string): Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line)).filter((line) => key in line);
