import type { IncomingMessage, ServerResponse } from 'node:http';
import { HASHED_FOLDER } from '../lib/build-page.ts';
import { CONTENT_SECURITY_POLICY } from '../lib/edge/content-security-policy.ts';
import { chooseEncoding, type PageFile, readPageFiles } from './page-files.ts';

/** Paths that belong to the APIs; every other is the page's, as behind CloudFront. */
const API = /^\/(api|accounts|chat|ws)(\/|$)/;

/** As lib/edge/viewer-request.js has it: a path without a file's ending is a place in the page. */
const FILE = /\.[^/]*$/;

/**
 * Serves the page from a folder, as CloudFront does from its bucket: a path that is no file is a
 * room's URL and gets index.html.
 *
 * @param built the folder, once the page is in it; requests wait for that
 * @returns what says false to requests that are not the page's
 */
export function servePage(built: Promise<string>) {
  const read = built.then(readPageFiles);
  // Whoever built it is told; here it fails with each request.
  read.catch(() => {});

  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.replace(/[?#].*$/s, '') ?? '/';
    if (API.test(path) || !['GET', 'HEAD'].includes(request.method ?? '')) return false;
    const file = (await read).get(FILE.test(path) ? path : '/index.html');
    if (!file) return false;
    await send(request, response, file, path);
    return true;
  };
}

async function send(
  { headers }: IncomingMessage,
  response: ServerResponse,
  file: PageFile,
  path: string,
): Promise<void> {
  const encoding = chooseEncoding(String(headers['accept-encoding'] ?? ''));
  const etag = file.etag(encoding);
  response.setHeaders(
    new Headers({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': path.startsWith(`/${HASHED_FOLDER}/`)
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      vary: 'accept-encoding',
      etag,
    }),
  );
  if (headers['if-none-match']?.split(/,\s*/).includes(etag)) {
    response.writeHead(304).end();
    return;
  }
  const body = await file.body(encoding);
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.byteLength,
    ...(encoding !== 'identity' && { 'content-encoding': encoding }),
  });
  // Node leaves the body of an answer to HEAD out.
  response.end(body);
}
