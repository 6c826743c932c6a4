import { rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Certificate, makeCertificate } from '../../../../bench/certificate.ts';
import { leanPoster } from '../../../../lambdas/aws/posts/lean-poster.ts';
import { type LyingServer, OK, openLyingServer } from './lying-server.ts';

const before = getCACertificates('default');
let trusted: Certificate;
let stranger: Certificate;
let server: LyingServer;

beforeAll(async () => {
  [trusted, stranger] = await Promise.all([makeCertificate(['localhost']), makeCertificate()]);
});
afterAll(async () => {
  setDefaultCACertificates(before);
  await Promise.all([trusted, stranger].map(({ folder }) => rm(folder, { recursive: true })));
});
beforeEach(() => setDefaultCACertificates([...before, String(trusted.cert)]));

async function posted(origin: string): Promise<unknown> {
  const post = leanPoster({ origin, deadlineMs: 5_000, sockets: 1 });
  return await post({ path: '/', headers: {}, body: 'x' }).then(
    ({ status }) => status,
    (failure) => (failure as { code?: string }).code,
  );
}

describe('over TLS', () => {
  const serverWith = async (certificate: Certificate, tls = {}) => {
    server = await openLyingServer(() => [{ say: OK }], { ...certificate, ...tls });
    return server;
  };

  test('a post reaches a server whose certificate is trusted', async () => {
    const { url } = await serverWith(trusted);
    expect(await posted(url)).toBe(200);
    await server.close();
  });

  test('nothing is sent to a server that nobody vouches for', async () => {
    const { url, requests } = await serverWith(stranger);
    expect(await posted(url)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(requests).toEqual([]);
    await server.close();
  });

  test('nothing is sent to a server with the certificate of another name', async () => {
    setDefaultCACertificates([...before, String(stranger.cert)]);
    const { port, requests } = await serverWith(stranger);
    expect(await posted(`https://localhost:${port}`)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(requests).toEqual([]);
    await server.close();
  });

  test('a server is told which name is meant, and that HTTP/1.1 is spoken', async () => {
    const told: unknown[] = [];
    const { port, url } = await serverWith(trusted, {
      SNICallback: (name: string, done: (error: null) => void) => {
        told.push(name);
        done(null);
      },
      ALPNCallback: ({ protocols }: { protocols: string[] }) => {
        told.push(protocols);
        return protocols[0];
      },
    });
    expect(await posted(`https://localhost:${port}`)).toBe(200);
    expect(await posted(url)).toBe(200);
    // An address is no name.
    expect(told.filter((each) => typeof each === 'string')).toEqual(['localhost']);
    expect(told.filter(Array.isArray)).toEqual([['http/1.1'], ['http/1.1']]);
    await server.close();
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a further socket resumes the session of the first, with %s',
    async (version) => {
      const resumed: boolean[] = [];
      const closing = createServer({ ...trusted, maxVersion: version }, (_, response) => {
        resumed.push((response.socket as TLSSocket).isSessionReused());
        response.setHeader('connection', 'close').end();
      }).listen(0, '127.0.0.1');
      await new Promise((listening) => closing.once('listening', listening));
      const origin = `https://127.0.0.1:${(closing.address() as AddressInfo).port}`;
      const post = leanPoster({ origin, deadlineMs: 5_000, sockets: 1 });
      for (let n = 0; n < 3; n++) await post({ path: '/', headers: {}, body: 'x' });
      expect(resumed).toEqual([false, true, true]);
      await new Promise((closed) => closing.close(closed));
    },
  );
});
