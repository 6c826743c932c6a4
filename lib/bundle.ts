import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { docsDirectory } from './docs/docs-directory.ts';
import { buildDocs } from './docs/docs-files.ts';
import {
  credentialsFromEnvironment,
  lazyFiles,
  leanCommands,
  withoutUnreachable,
} from './lean-modules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

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
 * for each package or source that is imported only when it is needed, and the documentation beside
 * `docs`. Same sources, same bytes: a
 * deployment changes only the functions whose code changed.
 */
export async function bundleFunctions(
  outDirectory: string,
  entriesDirectory = join(ROOT, 'lambdas'),
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
  if (entries.includes('docs')) await buildDocs(docsDirectory(outDirectory));
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
