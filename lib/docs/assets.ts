import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DOCS_ASSETS } from '../../lambdas/edge/docs/addresses.ts';

/** What the pages load, by its name without the hash; where it comes from, from the repository's root. */
export const ASSETS = {
  'swagger-ui.js': 'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
  'swagger-ui.css': 'node_modules/swagger-ui-dist/swagger-ui.css',
  'swagger-start.js': 'lib/docs/browser/swagger-start.js',
  'redoc.js': 'node_modules/redoc/bundles/redoc.standalone.js',
  'redoc-start.js': 'lib/docs/browser/redoc-start.js',
  'docs.css': 'lib/docs/browser/docs.css',
} as const;

export type AssetName = keyof typeof ASSETS;

/** Redoc shows its maker's logo, from its maker's server, and hides it if it can't be loaded. */
export const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

const ROOT = new URL('../../', import.meta.url);

/** A file of the repository. */
export const readSource = (path: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(path, ROOT)));

export interface Asset {
  /** Its path in what is built, with its content's hash; so browsers may keep it for ever. */
  file: string;
  bytes: Buffer;
}

/** Reads an asset, and takes out what would make a browser call somebody else. */
export async function readAsset(name: AssetName): Promise<Asset> {
  const read = await readSource(ASSETS[name]);
  const own = read.toString().replaceAll(REDOC_LOGO, 'data:,');
  const bytes = name === 'redoc.js' ? Buffer.from(own) : read;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { file: `${DOCS_ASSETS}/${name.replace('.', `-${hash}.`)}`, bytes };
}
