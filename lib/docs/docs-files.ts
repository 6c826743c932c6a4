import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DOCS_FOLDER } from '../../lambdas/edge/docs/addresses.ts';
import { asyncApiDocument } from '../../protocol/asyncapi.ts';
import { openApiDocument } from '../../protocol/openapi.ts';
import { ASSETS, type Asset, type AssetName, readAsset, readSource } from './assets.ts';
import { pages } from './pages.ts';

/**
 * Makes the documentation: Swagger UI, Redoc, the socket's page, what they load, and the contracts
 * in both forms. Same sources, same bytes. It takes a tenth of a second.
 *
 * @returns each file by its path, which lambdas/edge/docs/addresses.ts leads to
 */
export async function docsFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const names = Object.keys(ASSETS) as AssetName[];
  const read = await Promise.all(names.map(async (name) => [name, await readAsset(name)] as const));
  const assets = Object.fromEntries(read) as Record<AssetName, Asset>;
  const link = (name: AssetName) => `/${assets[name].file}`;
  const documents: Record<string, Buffer | string> = {
    ...pages(link),
    'openapi.yaml': await readSource('openapi.yaml'),
    'openapi.json': JSON.stringify(openApiDocument()),
    'asyncapi.yaml': await readSource('asyncapi.yaml'),
    'asyncapi.json': JSON.stringify(asyncApiDocument()),
  };
  return new Map([
    ...Object.entries(documents).map(([name, content]): [string, Buffer] => [
      `${DOCS_FOLDER}/${name}`,
      Buffer.from(content),
    ]),
    ...read.map(([, { file, bytes }]): [string, Buffer] => [file, bytes]),
  ]);
}

/** Writes them into a folder, where nothing of older ones stays. */
export async function buildDocs(outDirectory: string): Promise<void> {
  const files = await docsFiles();
  await rm(outDirectory, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    const to = join(outDirectory, path);
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, bytes);
  }
}
