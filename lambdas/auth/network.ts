import { isIP } from 'node:net';

/**
 * The part of an address by which its owner is counted: all of an IPv4 address, the first 64 bits of
 * an IPv6 one, for whoever has one of those has 2^64. Other texts stay as they are.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight numbers of an IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  // URL writes an IPv4 tail as two groups. It knows no zones.
  const plain = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [left = [], right] = plain.split('::').map(numbersOf);
  if (!right) return left;
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

const numbersOf = (text: string) =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));

/** Programs of this machine. On AWS nobody comes from there. */
export const isOwnMachine = (network: string): boolean =>
  network.startsWith('127.') || network === networkOf('::1');
