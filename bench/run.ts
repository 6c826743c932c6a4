import { parseArgs } from 'node:util';
import { append } from './append.ts';
import { attacks } from './attacks.ts';
import { coldStart } from './cold-start.ts';
import { fanOut } from './fan-out.ts';
import { hotRoom } from './hot-room.ts';
import { peers } from './peers.ts';
import { quietRoom } from './quiet-room.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { type Scenario, writeReport } from './report.ts';
import { scale } from './scale.ts';

/** `npm run bench [-- name ... [--rounds N]]` */
const SCENARIOS: readonly Scenario[] = [
  fanOut,
  hotRoom,
  append,
  quietRoom,
  coldStart,
  reconnectStorm,
  attacks,
  scale,
  peers,
];

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' } },
});
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0 && rounds <= 20)) {
  console.error(`--rounds is "${values.rounds}". Give a number from 1 to 20.`);
  process.exit(1);
}
const unknown = wanted.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are:`);
  for (const { name, title } of SCENARIOS) console.error(`  ${name.padEnd(16)} ${title}`);
  process.exit(1);
}
for (const scenario of SCENARIOS) {
  if (wanted.length > 0 ? !wanted.includes(scenario.name) : scenario.onlyByName) continue;
  console.log(`\n${scenario.title} (${scenario.name}) ...`);
  const start = performance.now();
  const report = await scenario.run(rounds === undefined ? {} : { rounds });
  await writeReport(scenario, report);
  for (const { what, measured, baseline, target, met } of report.findings) {
    console.log(`  ${met ? 'ok ' : 'NOT'} ${what}: ${measured}; ${baseline}; wanted ${target}`);
  }
  console.log(
    `  ${((performance.now() - start) / 1_000).toFixed(0)} s, bench/results/${scenario.name}.md`,
  );
}
