import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { CONTENT_SECURITY_POLICY } from '../lib/edge/content-security-policy.ts';

const FILES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
};

/** Paths that belong to the APIs; every other is the page's, as behind CloudFront. */
const API = /^\/(api|accounts|chat|ws)(\/|$)/;

/**
 * Serves the page from a folder, as CloudFront does from its bucket: a path that is no file is a
 * room's URL and gets index.html.
 *
 * @returns what says false to requests that are not the page's
 */
export function servePage(folder: string) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const pathname = request.url?.replace(/[?#].*$/s, '') ?? '/';
    if (API.test(pathname) || !['GET', 'HEAD'].includes(request.method ?? '')) return false;
    const name = pathname.slice(1);
    const file = Object.hasOwn(FILES, name) ? name : 'index.html';
    const body = await readFile(join(folder, file));
    response.writeHead(200, {
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-type': FILES[file],
      'content-length': body.byteLength,
      'cache-control': 'no-cache',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
    return true;
  };
}
