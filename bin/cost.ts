import { writeFile } from 'node:fs/promises';
import { drawCost } from './cost/draw.ts';
import { readCostOptions, USAGE } from './cost/options.ts';
import { showCost, showPrices } from './cost/show.ts';
import { runScript } from './run-script.ts';

await runScript(async () => {
  const options = readCostOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  console.log(showCost(options.load));
  if (options.prices) console.log(`\n${showPrices()}`);
  if (options.svg === undefined) return;
  await writeFile(options.svg, drawCost(options.load));
  console.log(`\nThe picture is in ${options.svg}.`);
});
