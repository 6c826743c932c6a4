import type { PostClient } from '../environment.ts';
import { leanPoster } from './lean-poster.ts';
import type { Poster, PosterOptions } from './post.ts';
import { undiciPoster } from './undici-poster.ts';

/**
 * POSTs to one host, by the client that the operator chose.
 *
 * @returns a function that answers once the answer has ended, and rejects when none has come
 */
export const httpPoster = ({
  client,
  ...options
}: PosterOptions & { client: PostClient }): Poster =>
  client === 'undici' ? undiciPoster(options) : leanPoster(options);

/** What the two call the ways in which an answer fails to come in time. */
const TIMEOUTS = new Set([
  'POST_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a request failed because its answer took too long. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && TIMEOUTS.has(String(error.code));
