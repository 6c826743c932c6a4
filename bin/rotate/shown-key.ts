import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { EDGE_KEY_HEADER } from '../../lambdas/auth/edge-key.ts';
import type { AwsCredentials } from '../../lambdas/aws/request-signer.ts';

export interface Distribution {
  id: string;
  credentials: AwsCredentials;
  /** CloudFront's API, which is one for all regions. */
  endpoint?: string | undefined;
}

/**
 * Reads from a distribution's configuration which key it shows to the APIs behind it.
 *
 * @throws Error when it can't be read, never with what it holds
 */
export async function readShownKey({
  id,
  credentials,
  endpoint = 'https://cloudfront.amazonaws.com',
}: Distribution): Promise<string> {
  const url = new URL(`${endpoint}/2020-05-31/distribution/${id}/config`);
  const signer = new SignatureV4({
    service: 'cloudfront',
    region: 'us-east-1',
    sha256: Sha256,
    credentials: withoutEmpty(credentials),
  });
  const { headers } = await signer.sign({
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host },
  });
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`cloudfront:GetDistributionConfig was answered ${answer.status}.`);
  const shown = new RegExp(
    `<HeaderName>${EDGE_KEY_HEADER}</HeaderName>\\s*<HeaderValue>([^<]+)</HeaderValue>`,
  ).exec(text)?.[1];
  if (shown === undefined) throw new Error(`The distribution ${id} shows no key to its APIs.`);
  return shown;
}

const withoutEmpty = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken !== undefined && { sessionToken }),
});

/** The hash as the signer asks for it. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
