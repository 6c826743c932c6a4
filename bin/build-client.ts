import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'vite';
import { runScript } from './run-script.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const USAGE = `npm run build:client [-- --out FOLDER]

Builds the package parlor-client into client/dist, or into another folder: modules with their types
for whoever has a bundler or Node, and all of them in parlor-client.min.js for pages without.
`;

/** A JavaScript module for each source, its types, and its source map, which holds the source. */
async function compile(folder: string): Promise<void> {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [
    tsc,
    '-p',
    join(ROOT, 'client/tsconfig.build.json'),
    '--outDir',
    folder,
  ]).catch(({ stdout }: { stdout: string }) => {
    throw new Error(`The client does not compile.\n${stdout}`);
  });
  await nameModulesInTypes(folder);
}

/** The compiler names modules as they are in JavaScript, but leaves their names in types alone. */
async function nameModulesInTypes(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true });
  for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
    const path = join(folder, file);
    const types = await readFile(path, 'utf8');
    await writeFile(path, types.replaceAll(/(\b(?:from |import\()'\.[^']+)\.ts'/g, "$1.js'"));
  }
}

/** One file without imports, for `<script type="module">`. */
async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: join(ROOT, 'client'),
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      sourcemap: true,
      modulePreload: false,
      rolldownOptions: {
        input: join(ROOT, 'client/browser.ts'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'parlor-client.min.js' },
      },
    },
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: join(ROOT, 'client/dist') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const folder = resolve(values.out);
  await rm(folder, { recursive: true, force: true });
  await compile(folder);
  await bundle(folder);
  console.log(`parlor-client is in ${folder}.`);
}

await runScript(main);
