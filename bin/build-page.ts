import { parseArgs } from 'node:util';
import { bundlePage } from '../lib/bundle-page.ts';

// Whatever the shell, or a test, is set to: this is the page that people get.
process.env.NODE_ENV = 'production';
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'without-docs': { type: 'boolean', default: false } },
});
const [outDirectory] = positionals;
if (!outDirectory) throw new Error('Name the folder to build into: node bin/build-page.ts FOLDER');
await bundlePage(outDirectory, { docs: !values['without-docs'] });
