import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { DocsHandler } from '../../../../lambdas/edge/docs/handler.ts';

export interface Request {
  method?: string;
  headers?: Record<string, string>;
}

/** Asks the function that serves the documentation, as an HTTP API does. */
export async function ask(to: DocsHandler, address: string, request: Request = {}) {
  const url = new URL(address, 'http://localhost');
  const event = {
    rawPath: address.replace(/\?.*$/, ''),
    headers: request.headers ?? {},
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext: { http: { method: request.method ?? 'GET' } },
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers = {}, body = '', isBase64Encoded } = await to(event);
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { statusCode, headers: headers as Record<string, string>, bytes, text: bytes.toString() };
}
