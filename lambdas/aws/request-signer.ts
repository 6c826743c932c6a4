import { createHmac, hash } from 'node:crypto';

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
 * A fan-out signs the same body thousands of times within a second: the day's key, the second's
 * text, the last folder's path and the last body's hash are kept. Measured in one run on a busy machine, with Lambda's
 * session token of 1 KB: 11 us a signature where @smithy/signature-v4 takes 148; the tests hold the
 * two equal.
 */
export function requestSigner(
  service: string,
  region: string,
  credentials: AwsCredentials,
): (request: UnsignedRequest) => Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  let day = '';
  let scope = '';
  let signWithDayKey = (_: string) => '';
  let second = Number.NaN;
  let time = '';
  let lastBody: string | undefined;
  let lastHash = '';
  let lastFolder = '';
  let lastEncoded = '';

  function keepTime(now: number): void {
    if (Math.floor(now / 1_000) === second) return;
    second = Math.floor(now / 1_000);
    // 20261122T105401Z
    time = `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const date = time.slice(0, 8);
    if (date === day) return;
    day = date;
    scope = `${date}/${region}/${service}/aws4_request`;
    let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
    for (const step of [date, region, service, 'aws4_request']) {
      key = createHmac('sha256', key).update(step).digest();
    }
    signWithDayKey = hmacBy(key);
  }

  function hashOf(body: string): string {
    if (body !== lastBody) {
      lastBody = body;
      lastHash = hash('sha256', body);
    }
    return lastHash;
  }

  function encoded(path: string): string {
    const from = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, from);
    if (folder !== lastFolder) {
      lastFolder = folder;
      lastEncoded = encodedTwice(folder);
    }
    return lastEncoded + encodedTwice(path.slice(from));
  }

  return ({ host, path, body, now, headers: further }) => {
    keepTime(now);
    const headers: Record<string, string> = { ...further, host, 'x-amz-date': time };
    if (sessionToken) headers['x-amz-security-token'] = sessionToken;
    // Without further ones they stand in order.
    const sorted = further ? Object.keys(headers).sort() : Object.keys(headers);
    const names = sorted.join(';');
    let canonical = `POST\n${encoded(path)}\n\n`;
    for (const name of sorted) canonical += `${name}:${headers[name]}\n`;
    canonical += `\n${names}\n${hashOf(body)}`;
    const toSign = `${ALGORITHM}\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = signWithDayKey(toSign);
    headers.authorization = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return headers;
  };
}

/** SHA-256 takes its input in blocks of so many bytes. */
const BLOCK = 64;

/**
 * HMAC (RFC 2104) with SHA-256, as two calls of Node's one-shot hash: half of what createHmac takes,
 * which makes an object for each.
 *
 * @param key at most a block
 * @returns a function of ASCII text, which answers in hex
 */
function hmacBy(key: Buffer): (text: string) => string {
  let inner = Buffer.alloc(2 * BLOCK + 256, 0x36);
  const outer = Buffer.alloc(BLOCK + 32, 0x5c);
  for (const [at, byte] of key.entries()) {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return (text) => {
    if (inner.length < BLOCK + text.length) {
      inner = Buffer.concat([inner.subarray(0, BLOCK)], BLOCK + 2 * text.length);
    }
    const end = BLOCK + inner.write(text, BLOCK, 'latin1');
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer);
  };
}

/**
 * Every service but S3 has each part of the path encoded once more in what is signed: %3D becomes
 * %253D, and the @ of /@connections, which is sent as it is, becomes %40.
 */
const encodedTwice = (path: string) =>
  PLAIN.test(path)
    ? path.replaceAll('%', '%25').replaceAll('@', '%40')
    : encodeURIComponent(path)
        .replaceAll('%2F', '/')
        .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** What nearly every path is made of: three times faster. */
const PLAIN = /^[\w/.~%@-]*$/;
