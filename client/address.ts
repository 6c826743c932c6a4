import { ParlorClientError } from './errors.ts';
import type { ConnectOptions } from './options.ts';

/**
 * Where the REST API is: without white space around it, or slashes at its end.
 *
 * @throws ParlorClientError `invalid_field`
 */
export const restAddress = (url: string): string => checked(url, 'http').replace(/\/+$/, '');

/**
 * Where sockets are opened.
 *
 * @returns what gives the address for a room
 * @throws ParlorClientError `invalid_field`
 */
export function socketAddress({ url, socketUrl }: ConnectOptions): (room: string) => string {
  const origin = toSocket(restAddress(url));
  const stage = socketUrl && checked(toSocket(socketUrl), 'ws');
  return (room) => {
    const address = new URL(stage || `/ws/chat/${encodeURIComponent(room)}/`, origin);
    if (stage) address.searchParams.set('room', room);
    return address.href;
  };
}

const toSocket = (url: string) => url.replace(/^\s*http/i, 'ws');

/** What is of another scheme could be tried for ever. @param scheme the one without TLS */
function checked(url: string, scheme: 'http' | 'ws'): string {
  try {
    const { href } = new URL(url);
    if (href.startsWith(scheme)) return href;
  } catch {
    // It is no address at all.
  }
  throw new ParlorClientError('invalid_field', `"${url}" does not begin with ${scheme}s://`);
}
