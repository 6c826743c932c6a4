import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ASSETS, type AssetName } from './assets.ts';

/** What an answer carries. It never changes while the function runs. */
export interface Content {
  type: string;
  bytes: Buffer;
  gzipped: Buffer;
  /** Of the bytes; it serves as ETag and as the version in an asset's URL. */
  hash: string;
  headers: Record<string, string>;
}

export async function contentOf(
  type: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<Content> {
  const bytes = Buffer.from(body);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  return { type, bytes, gzipped: await promisify(gzip)(bytes), hash, headers };
}

/** Redoc shows its maker's logo, from its maker's server, and hides it if it can't be loaded. */
export const REDOC_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';

/** Reads an asset, and takes out what would make a browser call somebody else. */
export async function assetContent(
  read: (file: AssetName) => Promise<Buffer>,
  name: AssetName,
): Promise<Content> {
  const bytes = await read(name);
  const own = name === 'redoc.js' ? bytes.toString().replaceAll(REDOC_LOGO, 'data:,') : bytes;
  return await contentOf(ASSETS[name].contentType, own);
}
