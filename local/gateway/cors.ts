import type { IncomingMessage } from 'node:http';
import { CORS } from '../../protocol/cors.ts';
import type { RawAnswer } from './raw-answer.ts';

/**
 * What a browser asks before it lets a page of another origin make a request. An HTTP API with
 * CORS answers that itself, before any route, and to origins that it doesn't know without a word.
 */
export function preflightAnswer(
  request: IncomingMessage,
  origins: readonly string[],
): RawAnswer | undefined {
  const asks = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
  if (!asks || origins.length === 0 || request.headers.origin === undefined) return undefined;
  const headers = {
    ...corsHeaders(request, origins),
    'access-control-allow-methods': CORS.methods.join(','),
    'access-control-allow-headers': CORS.requestHeaders.join(','),
    'access-control-max-age': String(CORS.maxAge),
  };
  return { status: 204, headers: isAllowed(request, origins) ? headers : {}, body: '' };
}

/** What an answer carries for the browser of a page that may read it. */
export function corsHeaders(
  request: IncomingMessage,
  origins: readonly string[],
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || !isAllowed(request, origins)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': CORS.answerHeaders.join(','),
  };
}

const isAllowed = ({ headers: { origin } }: IncomingMessage, origins: readonly string[]): boolean =>
  origin !== undefined && origins.includes(origin);
