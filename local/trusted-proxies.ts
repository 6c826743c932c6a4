import { BlockList, isIP } from 'node:net';
import { ENV } from '../lambdas/aws/environment.ts';
import type { TrustsProxy } from './gateway/forwarded.ts';

/** Ranges that have a name, the same as elsewhere (Express, proxy-addr). */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * The proxies whose X-Forwarded headers count.
 *
 * @param text names, addresses and ranges with commas between them; undefined or empty trusts none
 * @throws Error that says what to write, for anything else
 */
export function trustedProxies(text: string | undefined): TrustsProxy {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  const given = parts.filter((part) => part !== '');
  const list = new BlockList();
  for (const part of given.flatMap((name) => NAMED[name.toLowerCase()] ?? [name])) add(list, part);
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

function add(list: BlockList, part: string): void {
  const [, address = '', prefix] = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(part) ?? [];
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  if (family === 0 || Number(prefix ?? longest) > longest) {
    throw new Error(
      `${ENV.trustProxy}: "${part}" names no proxy. Write ${Object.keys(NAMED).join(', ')}, an address like 10.0.0.7, or a range like 10.0.0.0/24; several with commas between them.`,
    );
  }
  list.addSubnet(address, Number(prefix ?? longest), family === 6 ? 'ipv6' : 'ipv4');
}
