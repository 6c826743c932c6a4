import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './report.ts';

/** A busy machine breaks one now and then; what breaks twice is broken. */
const ATTEMPTS = 2;

/**
 * Runs scenarios one after the other, each in a process of its own: one that breaks off ends no other,
 * and leaves it no garbage. A broken one is run again, once.
 *
 * @param script given a scenario's name and `options`; it says itself what broke, and ends with 1 then
 * @returns the names of those that broke off
 */
export async function runEach(
  scenarios: readonly Pick<Scenario, 'name' | 'title'>[],
  script: URL,
  options: readonly string[] = [],
  print: (line: string) => void = console.log,
): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, title } of scenarios) {
    print(`\n${title} (${name}) ...`);
    let held = false;
    for (let attempt = 1; !held && attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) print(`  ${name} is run again.`);
      held = await run(script, [name, ...options]);
    }
    if (!held) broken.push(name);
  }
  return broken;
}

async function run(script: URL, given: readonly string[]): Promise<boolean> {
  const flags = [...process.execArgv, fileURLToPath(script), ...given];
  const child = spawn(process.execPath, flags, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code === 0;
}
