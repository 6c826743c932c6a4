import { describe, expect, test } from '@jest/globals';
import { trustedProxies } from '../../local/trusted-proxies.ts';

describe('the proxies that are trusted', () => {
  test.each<[string | undefined, string[], string[]]>([
    [undefined, [], ['127.0.0.1', '::1', '10.0.0.7', '']],
    [' , ', [], ['127.0.0.1']],
    ['loopback', ['127.0.0.1', '127.8.8.8', '::1'], ['10.0.0.7', '::2', 'localhost', '']],
    ['uniquelocal, 203.0.113.9', ['10.1.2.3', '172.31.0.1', '203.0.113.9', 'fd00::1'], ['8.8.8.8']],
    ['LinkLocal', ['169.254.1.1', 'fe80::1'], ['127.0.0.1']],
    ['10.0.0.0/24,2001:db8::/32', ['10.0.0.255', '2001:DB8:1::5'], ['10.0.1.0', '2001:db9::']],
  ])('for %j are those that it names', (text, trusted, others) => {
    const trusts = trustedProxies(text);
    expect(trusted.filter((address) => !trusts(address))).toEqual([]);
    expect(others.filter(trusts)).toEqual([]);
  });

  test.each([
    'true',
    '1',
    '*',
    'nginx',
    '10.0.0',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.7:80',
    '10.0.0.0/',
  ])('can’t be %j', (text) => {
    expect(() => trustedProxies(`loopback, ${text}`)).toThrow(
      `PARLOR_TRUST_PROXY: "${text}" names no proxy. Write loopback, linklocal, uniquelocal, an address`,
    );
  });
});
