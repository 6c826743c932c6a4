import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import {
  type AwsCredentials,
  requestSigner,
  type UnsignedRequest,
} from '../../../lambdas/aws/request-signer.ts';

/** The hash that AWS's signer wants to be given. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', secret as string | NodeJS.ArrayBufferView);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** The headers as AWS's own signer makes them. */
async function reference(
  { host, path, body, now, headers = {} }: UnsignedRequest,
  {
    service,
    region,
    credentials,
  }: { service: string; region: string; credentials: AwsCredentials },
): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path,
      query: {},
      headers: { host, ...headers },
      body,
    },
    { signingDate: new Date(now) },
  );
  return signed.headers;
}

const to = {
  service: 'execute-api',
  region: 'eu-central-1',
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLE',
  },
};
const post: UnsignedRequest = {
  host: 'abc123.execute-api.eu-central-1.amazonaws.com',
  path: '/prod/@connections/d1Y6deLooAMCJxA%3D',
  body: '{"type":"chat_message"}',
  now: Date.UTC(2026, 10, 22, 10, 54, 1, 947),
};

describe('a signature', () => {
  test("equals that of AWS's signer", async () => {
    const signed = requestSigner(to.service, to.region, to.credentials)(post);
    expect(signed).toEqual(await reference(post, to));
    expect(signed).toMatchObject({ host: post.host, 'x-amz-date': '20261122T105401Z' });
  });

  test('covers the session token that Lambda has', async () => {
    const credentials = { ...to.credentials, sessionToken: 'IQoJb3JpZ2lu//Xz==' };
    const signed = requestSigner(to.service, to.region, credentials)(post);
    expect(signed).toEqual(await reference(post, { ...to, credentials }));
    expect(signed.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
  });

  test('covers further headers', async () => {
    const headers = { 'x-amz-target': 'secretsmanager.GetSecretValue', 'content-type': 'a/b' };
    const request = { ...post, path: '/', headers };
    const signed = requestSigner(to.service, to.region, to.credentials)(request);
    expect(signed).toEqual(await reference(request, to));
    expect(signed.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-target,',
    );
  });

  test("changes its key at midnight, there and back, and with each body's hash", async () => {
    const sign = requestSigner(to.service, to.region, to.credentials);
    const midnight = Date.UTC(2026, 10, 23);
    for (const now of [midnight - 1, midnight, midnight - 1, midnight + 1]) {
      for (const body of ['one', 'two', 'one', '']) {
        const request = { ...post, now, body };
        expect(sign(request)).toEqual(await reference(request, to));
      }
    }
  });

  test("equals that of AWS's signer for whatever is signed, one after the other", async () => {
    const visible = fc.string({ minLength: 1, maxLength: 40 });
    const stages = fc.constantFrom('', '/prod', '/a-b_c.d~e', "/it's(a)*!", '/Größe');
    const request = fc.record({
      host: fc.domain(),
      path: fc
        .tuple(
          stages,
          visible.filter((id) => !/^\.+$/.test(id)),
        )
        .map(([stage, id]) => `${encodeURI(stage)}/@connections/${encodeURIComponent(id)}`),
      body: fc.string({ unit: 'grapheme' }),
      now: fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map(Number),
    });
    const credentials = fc.record({
      accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
      secretAccessKey: fc.string({ minLength: 1 }),
      sessionToken: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(credentials, fc.array(request, { minLength: 1 }), async (keys, requests) => {
        const sign = requestSigner(to.service, to.region, keys);
        for (const each of requests) {
          expect(sign(each)).toEqual(await reference(each, { ...to, credentials: keys }));
        }
      }),
    );
  });
});
