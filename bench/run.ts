import { append } from './append.ts';
import { attacks } from './attacks.ts';
import { coldStart } from './cold-start.ts';
import { fanOut } from './fan-out.ts';
import { hotRoom } from './hot-room.ts';
import { quietRoom } from './quiet-room.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { type Scenario, writeReport } from './report.ts';
import { scale } from './scale.ts';

/** `npm run bench [-- name ...]` */
const SCENARIOS: readonly Scenario[] = [
  fanOut,
  hotRoom,
  append,
  quietRoom,
  coldStart,
  reconnectStorm,
  attacks,
  scale,
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are:`);
  for (const { name, title } of SCENARIOS) console.error(`  ${name.padEnd(16)} ${title}`);
  process.exit(1);
}
for (const scenario of SCENARIOS) {
  if (wanted.length > 0 && !wanted.includes(scenario.name)) continue;
  console.log(`\n${scenario.title} (${scenario.name}) ...`);
  const start = performance.now();
  const report = await scenario.run();
  await writeReport(scenario, report);
  for (const { what, measured, baseline, target, met } of report.findings) {
    console.log(`  ${met ? 'ok ' : 'NOT'} ${what}: ${measured}; ${baseline}; wanted ${target}`);
  }
  console.log(
    `  ${((performance.now() - start) / 1_000).toFixed(0)} s, bench/results/${scenario.name}.md`,
  );
}
