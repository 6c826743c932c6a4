import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ASSET_PATH, DOCS_METHODS, DOCS_POLICIES, DOCS_TYPES, docsFileAt } from './addresses.ts';

/** Reads a file by its path in what is built; undefined where there is none. */
export type ReadDocs = (file: string) => Promise<Buffer | undefined>;

export type DocsHandler = (
  event: APIGatewayProxyEventV2,
) => Promise<APIGatewayProxyStructuredResultV2>;

interface Content {
  bytes: Buffer;
  gzipped: Buffer;
  etag: string;
}

const YEAR = 365 * 24 * 60 * 60;

/** Serves the built documentation, file by file, as the edge does from its bucket. */
export function docsHandler(read: ReadDocs): DocsHandler {
  const kept = new Map<string, Promise<Content | undefined>>();
  /** A file never changes while the function runs: each is read once, unless that failed. */
  const once = (file: string) => {
    const content = kept.get(file) ?? contentOf(read(file));
    kept.set(file, content);
    // The request is answered with the failure, or with 404; the next one has it read again.
    content.then(
      (found) => found ?? kept.delete(file),
      () => kept.delete(file),
    );
    return content;
  };

  return async (event) => {
    const file = docsFileAt(event.rawPath, event.queryStringParameters?.format === 'json');
    const content = file && (await once(file));
    if (!content) return refusal(404, 'Not found.');
    const { method } = event.requestContext.http;
    const allow = DOCS_METHODS;
    if (method === 'OPTIONS') return { statusCode: 200, headers: { allow }, body: '' };
    if (method === 'GET' || method === 'HEAD') return answer(event, file, content);
    const { headers, ...refused } = refusal(405, `Method "${method}" not allowed.`);
    return { ...refused, headers: { ...headers, allow } };
  };
}

async function contentOf(read: Promise<Buffer | undefined>): Promise<Content | undefined> {
  const bytes = await read;
  if (!bytes) return undefined;
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
  return { bytes, gzipped: await promisify(gzip)(bytes), etag: `"${hash}"` };
}

function answer(
  { headers, requestContext }: APIGatewayProxyEventV2,
  file: string,
  { bytes, gzipped, etag }: Content,
): APIGatewayProxyStructuredResultV2 {
  const policy = DOCS_POLICIES[file];
  const common = {
    ...(policy && { 'content-security-policy': policy }),
    etag,
    'cache-control': ASSET_PATH.test(`/${file}`)
      ? `public, max-age=${YEAR}, immutable`
      : 'no-cache',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  };
  if (headers['if-none-match']?.includes(etag)) return { statusCode: 304, headers: common };

  const zip = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  const described = {
    ...common,
    'content-type': DOCS_TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    ...(zip && { 'content-encoding': 'gzip' }),
  };
  if (requestContext.http.method === 'HEAD') return { statusCode: 200, headers: described };
  const body = (zip ? gzipped : bytes).toString('base64');
  return { statusCode: 200, headers: described, body, isBase64Encoded: true };
}

const refusal = (statusCode: number, detail: string) => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
  body: JSON.stringify({ detail }),
});
