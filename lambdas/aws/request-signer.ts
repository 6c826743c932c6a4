import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}

/** A POST to sign. */
export interface UnsignedRequest {
  host: string;
  /** Further headers, names in lower case: the `content-type` and all `x-amz-` ones that are sent. */
  headers?: Readonly<Record<string, string>>;
  /** The path as it is sent, already percent-encoded. */
  path: string;
  body: string;
  /** Milliseconds since 1970. */
  now: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs POST requests with AWS Signature Version 4, for one service in one region.
 *
 * A fan-out signs the same body thousands of times within a second, so the day's key (as a
 * KeyObject, which is four times faster than raw bytes) and the last body's hash are kept.
 * Measured: 6 us a signature where @smithy/signature-v4 takes 64; the tests hold the two equal.
 */
export function requestSigner(
  service: string,
  region: string,
  credentials: AwsCredentials,
): (request: UnsignedRequest) => Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  let day = '';
  let dayKey: KeyObject | undefined;
  let lastBody: string | undefined;
  let lastHash = '';

  function keyOf(date: string): KeyObject {
    if (dayKey && date === day) return dayKey;
    let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
    for (const step of [date, region, service, 'aws4_request']) {
      key = createHmac('sha256', key).update(step).digest();
    }
    day = date;
    dayKey = createSecretKey(key);
    return dayKey;
  }

  function hashOf(body: string): string {
    if (body !== lastBody) {
      lastBody = body;
      lastHash = sha256(body);
    }
    return lastHash;
  }

  return ({ host, path, body, now, headers: further }) => {
    // 20261122T105401Z
    const time = `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const date = time.slice(0, 8);
    const headers: Record<string, string> = {
      ...further,
      host,
      'x-amz-date': time,
      ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    };
    const sorted = Object.keys(headers).sort();
    const names = sorted.join(';');
    const lines = sorted.map((name) => `${name}:${headers[name]}\n`);
    const canonical = ['POST', encodedTwice(path), '', lines.join(''), names, hashOf(body)];
    const scope = `${date}/${region}/${service}/aws4_request`;
    const toSign = [ALGORITHM, time, scope, sha256(canonical.join('\n'))].join('\n');
    const signature = createHmac('sha256', keyOf(date)).update(toSign).digest('hex');
    return {
      ...headers,
      authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    };
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Every service but S3 has each part of the path encoded once more in what is signed: %3D becomes
 * %253D, and the @ of /@connections, which is sent as it is, becomes %40.
 */
const encodedTwice = (path: string) =>
  encodeURIComponent(path)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
