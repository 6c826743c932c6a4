import { reasonOf } from './patience.ts';
import { writeReport } from './report.ts';
import { SCENARIOS } from './scenarios.ts';

/** Runs one scenario, and writes its page. See each.ts. */
function breakOff(failure: unknown): never {
  console.error(`  It broke off: ${reasonOf(failure)}`);
  process.exit(1);
}
// Also where it happens beside what is awaited: in a socket's listener.
process.on('uncaughtException', breakOff);
process.on('unhandledRejection', breakOff);

const [, , wanted, rounds] = process.argv;
const scenario = SCENARIOS.find(({ name }) => name === wanted);
if (!scenario) breakOff(new Error(`There is no ${wanted}.`));
const start = performance.now();
const report = await scenario.run(rounds === undefined ? {} : { rounds: Number(rounds) });
await writeReport(scenario, report);
for (const { what, measured, baseline, target, met } of report.findings) {
  console.log(`  ${met ? 'ok ' : 'NOT'} ${what}: ${measured}; ${baseline}; wanted ${target}`);
}
console.log(
  `  ${((performance.now() - start) / 1_000).toFixed(0)} s, bench/results/${scenario.name}.md`,
);
