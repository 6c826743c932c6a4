import { stripVTControlCharacters } from 'node:util';
import type { Result } from './run-suite.ts';

const MARK = { passed: 'ok', failed: 'FAILED', 'not asked': '-' } as const;
const NAME_WIDTH = 84;
const TIME_WIDTH = 9;

/** Prints results as a table, line by line as they come. */
export function tablePrinter(print: (line: string) => void): (result: Result) => void {
  let group: string | undefined;
  return (result) => {
    if (result.group !== group) print(`\n${result.group}`);
    group = result.group;
    const time = result.outcome === 'not asked' ? '' : `${result.ms} ms`;
    print(
      `  ${result.check.padEnd(NAME_WIDTH)} ${time.padStart(TIME_WIDTH)}  ${MARK[result.outcome]}`,
    );
    if (result.outcome === 'failed') print(indented(result.why ?? ''));
  };
}

const indented = (text: string) =>
  stripVTControlCharacters(text)
    .split('\n')
    .map((line) => `      ${line}`)
    .join('\n');

/** One line on all of it, and below it what was not asked and why. */
export function summary(results: readonly Result[], ms: number): string {
  const count = (outcome: Result['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const line = [
    `${count('passed')} passed`,
    `${count('failed')} failed`,
    `${count('not asked')} not asked`,
  ].join(', ');
  const reasons = new Set(results.filter(isLeftOut).map(({ why }) => `  not asked: ${why}`));
  return [`${line}, in ${Math.round(ms / 1_000)} s.`, ...reasons].join('\n');
}

const isLeftOut = ({ outcome }: Result) => outcome === 'not asked';

/** Nothing failed, and something was asked. */
export const allIsWell = (results: readonly Result[]): boolean =>
  results.some(({ outcome }) => outcome === 'passed') &&
  results.every(({ outcome }) => outcome !== 'failed');
