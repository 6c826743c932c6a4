import type { IncomingMessage } from 'node:http';
import { type Forwarded, peerOf } from './forwarded.ts';

/** Name and values of one header; the name in the case in which the client first sent it. */
export type Header = [name: string, values: string[]];

/**
 * The headers as the client sent them, with the X-Forwarded ones as CloudFront and API Gateway
 * set them. A client adds to X-Forwarded-For; the others it can't choose.
 */
export function requestHeaders(request: IncomingMessage, forwarded: Forwarded): Header[] {
  const headers = new Map<string, Header>();
  const add = (name: string, value: string) => {
    const header = headers.get(name.toLowerCase());
    if (header) header[1].push(value);
    else headers.set(name.toLowerCase(), [name, [value]]);
  };
  const raw = request.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) add(raw[at] ?? '', raw[at + 1] ?? '');

  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, [value]]);
  const route = [...(headers.get('x-forwarded-for')?.[1] ?? []), peerOf(request)];
  set('X-Forwarded-For', route.join(', '));
  set('X-Forwarded-Host', forwarded.host);
  set('X-Forwarded-Port', forwarded.port);
  set('X-Forwarded-Proto', forwarded.proto);
  return [...headers.values()];
}

/** Path and query of a request, both as sent. A request line may also name a whole URL. */
export function splitTarget(request: IncomingMessage): { path: string; query: string } {
  const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path: path || '/', query: mark < 0 ? '' : target.slice(mark + 1) };
}
