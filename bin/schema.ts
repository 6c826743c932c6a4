import { writeFile } from 'node:fs/promises';
import { contractFiles } from './contract-files.ts';

for (const [path, text] of Object.entries(contractFiles())) {
  await writeFile(new URL(`../${path}`, import.meta.url), text);
  console.log(`${path}: ${text.split('\n').length - 1} lines`);
}
