import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { forwardedOf } from '../../../local/gateway/forwarded.ts';
import { trustedProxies } from '../../../local/trusted-proxies.ts';

/** As far as it is looked at. */
const request = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
  ({
    headers: { host: 'localhost:8000', ...headers },
    socket: { remoteAddress, localPort: 8000 },
  }) as unknown as IncomingMessage;

const trusts = trustedProxies('loopback, 10.0.0.0/8');

const PROXIED = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'chat.example.com',
  'x-forwarded-proto': 'https',
};

describe('what is known of a client', () => {
  test('is what a trusted proxy says', () => {
    expect(forwardedOf(request(PROXIED), trusts)).toEqual({
      sourceIp: '203.0.113.9',
      host: 'chat.example.com',
      proto: 'https',
      port: '443',
    });
    const port = { ...PROXIED, 'x-forwarded-host': '[2001:db8::1]:8443' };
    expect(forwardedOf(request(port, '::ffff:127.0.0.1'), trusts)).toMatchObject({
      host: '[2001:db8::1]:8443',
      port: '8443',
    });
  });

  test('is nothing that anybody else says', () => {
    const own = { sourceIp: '192.0.2.1', host: 'localhost:8000', proto: 'http', port: '8000' };
    expect(forwardedOf(request(PROXIED, '192.0.2.1'), trusts)).toEqual(own);
    expect(forwardedOf(request(PROXIED), () => false)).toEqual({ ...own, sourceIp: '127.0.0.1' });
  });

  test('is what the farthest of several trusted proxies says, and not what a client put before', () => {
    const appended = {
      'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.0.0.7',
      'x-forwarded-host': 'evil.example, chat.example.com, inner:8080',
      'x-forwarded-proto': 'http, https, http',
    };
    expect(forwardedOf(request(appended), trusts)).toMatchObject({
      sourceIp: '203.0.113.9',
      host: 'chat.example.com',
      proto: 'https',
    });
    // Of what only the farthest said, there is one.
    const once = { ...PROXIED, 'x-forwarded-for': '203.0.113.9, 10.0.0.7' };
    expect(forwardedOf(request(once), trusts)).toMatchObject({
      sourceIp: '203.0.113.9',
      host: 'chat.example.com',
      proto: 'https',
    });
  });

  test('is what stands in the request itself, where a proxy says nothing that can be', () => {
    expect(forwardedOf(request({}), trusts)).toMatchObject({
      sourceIp: '127.0.0.1',
      host: 'localhost:8000',
      proto: 'http',
    });
    const odd = {
      'x-forwarded-for': 'unknown, 10.0.0.7',
      'x-forwarded-host': 'a b"><script>',
      'x-forwarded-proto': 'javascript',
    };
    expect(forwardedOf(request(odd), trusts)).toMatchObject({
      sourceIp: '10.0.0.7',
      host: 'localhost:8000',
      proto: 'http',
    });
    const ports = { 'x-forwarded-for': '203.0.113.9:51515' };
    expect(forwardedOf(request(ports), trusts).sourceIp).toBe('203.0.113.9');
    const brackets = { 'x-forwarded-for': '[2001:db8::9]:51515' };
    expect(forwardedOf(request(brackets), trusts).sourceIp).toBe('2001:db8::9');
  });
});
