import { parseArgs } from 'node:util';
import { runEach } from './each.ts';
import { SCENARIOS } from './scenarios.ts';

/** `npm run bench [-- name ... [--rounds N]]` */
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' } },
});
const { rounds } = values;
if (rounds !== undefined && !(Number.isInteger(Number(rounds)) && +rounds > 0 && +rounds <= 20)) {
  console.error(`--rounds is "${rounds}". Give a number from 1 to 20.`);
  process.exit(1);
}
const unknown = wanted.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are:`);
  for (const { name, title } of SCENARIOS) console.error(`  ${name.padEnd(16)} ${title}`);
  process.exit(1);
}
const broken = await runEach(
  SCENARIOS.filter(({ name, onlyByName }) =>
    wanted.length > 0 ? wanted.includes(name) : !onlyByName,
  ),
  new URL('one.ts', import.meta.url),
  rounds === undefined ? [] : [rounds],
);
if (broken.length > 0) {
  console.error(`\nBroke off, and left their pages as they were: ${broken.join(', ')}.`);
  process.exit(1);
}
