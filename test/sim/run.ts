import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { loadCode } from './code.ts';
import { MISTAKES } from './mistakes.ts';
import { plant } from './plant.ts';
import { type Finding, simulate } from './simulate.ts';

/**
 * npm run sim -- --seeds 1000            tries seeds 1 to 1000
 * npm run sim -- --seeds 1000 --seed 5   tries seeds 5 to 1004
 * npm run sim -- --seed 5                tries seed 5 and shows what happened
 *
 * --all goes on after the first seed that breaks a promise, and lists them.
 * --mistake NAME plants a mistake of mistakes.ts first. Ends with 1 when a promise was broken.
 * --mistakes plants each in turn, and prints a line of JSON with what it broke; ends with 1 when one
 * was not found.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Share {
  first: number;
  last: number;
  step: number;
  root: string;
  all: boolean;
}

interface Tally {
  findings: Finding[];
  seeds: number;
  steps: number;
  stored: number;
  grouped: number;
}

async function runShare({ first, last, step, root, all }: Share): Promise<Tally> {
  // Failures are made up by the thousand, and nobody reads where.
  Error.stackTraceLimit = 0;
  const code = await loadCode(root);
  const tally: Tally = { findings: [], seeds: 0, steps: 0, stored: 0, grouped: 0 };
  for (let seed = first; seed <= last && (all || !tally.findings[0]); seed += step) {
    const { finding, steps, stored, grouped } = await simulate({ seed, code });
    if (finding) tally.findings.push(finding);
    tally.seeds++;
    tally.steps += steps;
    tally.stored += stored;
    tally.grouped += grouped;
  }
  return tally;
}

function inWorker(share: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function show(seed: number, root: string): Promise<boolean> {
  const code = await loadCode(root);
  const run = await simulate({ seed, code, traced: true });
  console.log(JSON.stringify(run.profile));
  console.log(run.trace.join('\n'));
  console.log(run.finding ? `seed ${seed} breaks a promise: ${text(run.finding)}` : 'all is well');
  return run.finding === undefined;
}

const text = ({ promise, detail }: Finding) => `${promise}: ${detail}`;

/** In one thread: what all of them import is loaded once. */
async function findMistakes(last: number): Promise<boolean> {
  let missed = 0;
  for (const { name } of MISTAKES) {
    const { root, remove } = await plant(ROOT, name);
    const { findings } = await runShare({ first: 1, last, step: 1, root, all: false });
    await remove();
    const [found] = findings;
    if (!found) missed++;
    console.log(JSON.stringify({ mistake: name, ...found }));
  }
  return missed === 0;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      mistake: { type: 'string' },
      mistakes: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  });
  const first = Number(values.seed ?? 1);
  const seeds = Number(values.seeds ?? 1);
  if (values.mistakes) return await findMistakes(seeds);
  const planted = await plant(ROOT, values.mistake);
  const { root } = planted;
  try {
    if (values.seeds === undefined) return await show(first, root);

    const started = performance.now();
    const step = Math.min(availableParallelism(), seeds);
    const share = { last: first + seeds - 1, step, root, all: values.all };
    const tallies = await Promise.all(
      Array.from({ length: step }, (_, index) => inWorker({ ...share, first: first + index })),
    );
    const seconds = (performance.now() - started) / 1_000;
    const sum = (of: (tally: Tally) => number) => tallies.reduce((all, one) => all + of(one), 0);
    const run = sum((tally) => tally.seeds);
    console.log(
      `${run} seeds in ${seconds.toFixed(1)} s, ${(run / seconds).toFixed(0)} a second: ` +
        `${sum((tally) => tally.steps)} steps, ${sum((tally) => tally.stored)} events stored, ` +
        `${sum((tally) => tally.grouped)} of them in groups`,
    );
    const findings = tallies.flatMap((tally) => tally.findings).sort((a, b) => a.seed - b.seed);
    if (values.all) for (const one of findings) console.log(`seed ${one.seed}: ${text(one)}`);
    const [found] = findings;
    if (!found) return true;
    await show(found.seed, root);
    console.log(
      `Again: npm run sim -- --seed ${found.seed}${values.mistake ? ` --mistake '${values.mistake}'` : ''}`,
    );
    return false;
  } finally {
    await planted.remove();
  }
}

if (isMainThread) process.exitCode = (await main()) ? 0 : 1;
else parentPort?.postMessage(await runShare(workerData));
