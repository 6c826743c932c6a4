import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Forwarded } from './forwarded.ts';
import type { HttpMatch } from './http-routes.ts';
import { requestHeaders, splitTarget } from './request-headers.ts';
import { newRequestId, requestTime } from './request-ids.ts';

/**
 * Content types whose body reaches a handler as text. All others, forms and requests without a
 * type among them, come in base64: handlers must look at `isBase64Encoded`.
 */
const TEXT = /^(text\/.*|application\/(.+\+)?(json|xml)|application\/javascript)$/;

/**
 * A request's path as HTTP APIs give it, `rawPath` or not: percent-decoded.
 *
 * @throws URIError when it can't be decoded
 */
export const decodedPath = (request: IncomingMessage): string =>
  decodeURIComponent(splitTarget(request).path);

/** A request in payload format 2.0. */
export function httpEvent(
  request: IncomingMessage,
  path: string,
  { routeKey, pathParameters }: Omit<HttpMatch, 'handler'>,
  body: Buffer,
  forwarded: Forwarded,
): APIGatewayProxyEventV2 {
  const { query } = splitTarget(request);
  const headers = requestHeaders(request, forwarded).map(
    ([name, values]) => [name.toLowerCase(), values] as const,
  );
  const cookies = headers.find(([name]) => name === 'cookie')?.[1].flatMap(cookiesOf);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies && { cookies }),
    headers: Object.fromEntries(
      headers.filter(([name]) => name !== 'cookie').map(([name, all]) => [name, all.join(',')]),
    ),
    ...queryParameters(query),
    requestContext: requestContext(request, path, routeKey, forwarded),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...bodyOf(request, body),
  };
}

function requestContext(
  request: IncomingMessage,
  path: string,
  routeKey: string,
  { sourceIp }: Forwarded,
) {
  const now = Date.now();
  const domainName = request.headers.host ?? 'localhost';
  return {
    accountId: 'anonymous',
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: newRequestId(),
    routeKey,
    stage: '$default',
    time: requestTime(now),
    timeEpoch: now,
  };
}

const cookiesOf = (header: string): string[] =>
  header
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');

function queryParameters(query: string): Pick<APIGatewayProxyEventV2, 'queryStringParameters'> {
  const joined = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return joined.size > 0 ? { queryStringParameters: Object.fromEntries(joined) } : {};
}

function bodyOf(
  request: IncomingMessage,
  body: Buffer,
): Pick<APIGatewayProxyEventV2, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false };
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  // Bytes that are no UTF-8 can't be text. What AWS makes of them is not documented; this way
  // nothing is lost, and the handler can refuse them.
  const isBase64Encoded = !TEXT.test(type) || !isUtf8(body);
  return { body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}
