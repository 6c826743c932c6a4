import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STOCK: Record<string, string> = {
  './connection-gateway.ts': 'bench/cold-start/stock-connections.ts',
  './dynamodb/deployed-table.ts': 'bench/cold-start/stock-table.ts',
  './posts/http-poster.ts': 'bench/cold-start/stock-poster.ts',
};

/** Swaps what is lean about the adapters for what everyone uses. */
const stockClients: Plugin = {
  name: 'stock-clients',
  setup(build) {
    build.onResolve({ filter: /^\.\// }, ({ path }) =>
      path in STOCK ? { path: `${ROOT}${STOCK[path]}` } : undefined,
    );
  },
};

/** The same functions with stock clients, bundled by esbuild's defaults. */
export async function bundleBaseline(folder: string, names: readonly string[]): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({ in: `lambdas/${name}.ts`, out: `${name}/index` })),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname' },
    plugins: [stockClients],
    logLevel: 'error',
  });
}
