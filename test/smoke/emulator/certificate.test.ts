import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { makeCertificate } from '../../../smoke/emulator/certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

describe('a certificate of our own', () => {
  test('is for this machine, signed by its key, and good for a day', () => {
    const now = Date.UTC(2026, 10, 23, 9, 8, 7);
    const { cert, key } = makeCertificate(now);
    const certificate = new X509Certificate(cert);
    expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1, DNS:localhost');
    expect(certificate.ca).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.validFromDate.getTime()).toBe(now - DAY_MS);
    expect(certificate.validToDate.getTime()).toBe(now + DAY_MS);
  });

  test('is trusted by those who are told of it, and by nobody else', async () => {
    const made = makeCertificate(Date.now());
    const server = createServer(made, (_, response) => response.end('hi')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [response] = await once(get(url, { ca: made.cert, agent: false }), 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    await expect(once(get(url, { agent: false }), 'response')).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    server.close();
  });
});
