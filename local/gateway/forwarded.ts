import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Whether an address is that of a proxy whose word on the client counts. */
export type TrustsProxy = (address: string) => boolean;

/** Who sent a request, and the address at which he did. */
export interface Forwarded {
  sourceIp: string;
  /** Name and port, as in a Host header. */
  host: string;
  proto: 'http' | 'https';
  port: string;
}

const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;
const DEFAULT_PORTS = { http: '80', https: '443' } as const;

/**
 * What is known of a request's client. The X-Forwarded headers count as far as the proxies that
 * added to them are trusted, from the last one back: what stands before that, anybody may have sent.
 */
export function forwardedOf(request: IncomingMessage, trusts: TrustsProxy): Forwarded {
  const peer = peerOf(request);
  const own = {
    sourceIp: peer,
    host: request.headers.host ?? '',
    proto: 'http',
    port: String(request.socket.localPort ?? ''),
  } as const;
  if (!trusts(peer)) return own;
  const route = listIn(request, 'x-forwarded-for').map(plainAddress);
  let proxies = 1;
  let sourceIp = peer;
  for (const address of route.toReversed()) {
    if (isIP(address) === 0) break;
    sourceIp = address;
    if (!trusts(address)) break;
    proxies++;
  }
  /** The value that the farthest of the trusted proxies gave, or had from the client. */
  const told = (name: string) => {
    const values = listIn(request, name);
    return values[Math.max(0, values.length - proxies)];
  };
  const host = told('x-forwarded-host');
  const proto = told('x-forwarded-proto')?.toLowerCase() === 'https' ? 'https' : 'http';
  const seenHost = host !== undefined && HOST.test(host) ? host : own.host;
  const port = /:(\d+)$/.exec(seenHost)?.[1] ?? DEFAULT_PORTS[proto];
  return { sourceIp, host: seenHost, proto, port };
}

/** The address of whoever is connected, client or proxy; an IPv4 one in its usual form. */
export const peerOf = ({ socket }: IncomingMessage): string =>
  plainAddress(socket.remoteAddress ?? '');

function listIn({ headers }: IncomingMessage, name: string): string[] {
  const values = [headers[name] ?? []].flat().join(',').split(',');
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

/** Without a port or brackets; an IPv4 address in its usual form. */
function plainAddress(text: string): string {
  const address = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text;
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/^([\d.]+):\d+$/, '$1');
}
