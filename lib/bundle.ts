import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { ASSETS } from '../lambdas/edge/docs/assets.ts';
import {
  credentialsFromEnvironment,
  lazyFiles,
  leanCommands,
  withoutUnreachable,
} from './lean-modules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Files that a function reads when it runs. `from` is relative to the repository, `to` to the bundle. */
export interface Companions {
  entry: string;
  copy: readonly { from: string; to: string }[];
}

export const COMPANIONS: readonly Companions[] = [
  {
    entry: 'docs',
    copy: Object.entries(ASSETS).map(([name, { source }]) => ({
      from: source,
      to: join('assets', name),
    })),
  },
];

const FUNCTION = {
  absWorkingDir: ROOT,
  bundle: true,
  minify: true,
  sourcemap: 'linked',
  // A stack trace needs names and lines, not the text.
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  platform: 'node',
  target: 'node24',
  // CommonJS starts about 20 ms faster on Lambda than modules do; packages' module builds
  // shake down to two thirds of what their CommonJS builds need.
  format: 'cjs',
  mainFields: ['module', 'main'],
  // A second file is read by `require`, which doesn't start Node's loader of modules.
  supported: { 'dynamic-import': false },
  define: {
    'import.meta.dirname': '__dirname',
    // Undici asks for these. As when it is built into Node, it then has one parser of three.
    esbuildDetection: '1',
    'process.env.JEST_WORKER_ID': 'undefined',
  },
} as const satisfies BuildOptions;

/**
 * Bundles each file of a folder as `<outDirectory>/<name>/index.js`, with a further file beside it
 * for each package or source that is imported only when it is needed. Same sources, same bytes: a
 * deployment changes only the functions whose code changed.
 */
export async function bundleFunctions(
  outDirectory: string,
  entriesDirectory = join(ROOT, 'lambdas'),
  companions: readonly Companions[] = COMPANIONS,
): Promise<Metafile> {
  const entries = await listEntries(entriesDirectory);
  await rm(outDirectory, { recursive: true, force: true });
  const { plugin, met } = lazyFiles();
  const { metafile } = await build({
    ...FUNCTION,
    entryPoints: entries.map((name) => ({
      in: join(entriesDirectory, `${name}.ts`),
      out: join(name, 'index'),
    })),
    outdir: outDirectory,
    plugins: [withoutUnreachable, credentialsFromEnvironment, leanCommands, plugin],
  });
  await bundleLazyFiles(outDirectory, metafile, met);
  for (const { entry, copy } of companions) {
    for (const { from, to } of copy) {
      await copyFile(join(ROOT, from), join(outDirectory, entry, to));
    }
  }
  return metafile;
}

/** Builds what was left out of the functions to be loaded later, beside those that may load it. */
async function bundleLazyFiles(
  outDirectory: string,
  { outputs }: Metafile,
  packages: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, file] of packages) {
    const users = Object.keys(outputs).filter((output) =>
      outputs[output]?.imports.some(({ path }) => path === `./${file}`),
    );
    await build({
      ...FUNCTION,
      entryPoints: users.map((user) => ({
        in: name,
        out: join(basename(dirname(user)), basename(file, '.js')),
      })),
      outdir: outDirectory,
      plugins: [withoutUnreachable, credentialsFromEnvironment],
    });
  }
}

/** A file directly in lambdas/ is one function; a folder never is. */
async function listEntries(directory: string): Promise<string[]> {
  const files = await readdir(directory);
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .sort();
}

async function copyFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}
