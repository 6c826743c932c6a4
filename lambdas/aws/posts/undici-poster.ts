import type { Pool } from 'undici';
import type { PostAnswer, Poster, PosterOptions, PostRequest } from './post.ts';

/**
 * POSTs to one host, through undici. That is loaded with the first post: most functions never
 * make one.
 *
 * @returns a function that answers once the answer has ended, and rejects when none has come
 */
export function undiciPoster(options: PosterOptions): Poster {
  let opening: Promise<Pool> | undefined;
  let pool: Pool | undefined;
  return async (request) => {
    opening ??= openPool(options);
    pool ??= await opening;
    return await dispatch(pool, request);
  };
}

async function openPool({ origin, sockets, deadlineMs }: PosterOptions): Promise<Pool> {
  const { default: Pool } = await import('undici/lib/dispatcher/pool.js');
  return new Pool(origin, {
    connections: sockets ?? null,
    headersTimeout: deadlineMs,
    bodyTimeout: deadlineMs,
    // Measured with one request on a socket at a time. HTTP/2 would put them all on one.
    allowH2: false,
    connect: { timeout: deadlineMs },
  });
}

function dispatch(
  pool: Pool,
  { path, headers, body, deadlineMs }: PostRequest,
): Promise<PostAnswer> {
  const times = deadlineMs !== undefined && { headersTimeout: deadlineMs, bodyTimeout: deadlineMs };
  return new Promise((resolve, reject) => {
    let started: Omit<PostAnswer, 'body'> | undefined;
    const chunks: Buffer[] = [];
    pool.dispatch(
      { method: 'POST', path, headers, body, ...times },
      {
        onRequestStart() {},
        onResponseStart(_, status, answered) {
          // 103 Early Hints and its like announce the answer.
          if (status >= 200) started = { status, headers: answered };
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          if (started) resolve({ ...started, body: Buffer.concat(chunks).toString() });
        },
        onResponseError(_, error) {
          if (started) resolve({ ...started, body: undefined });
          else reject(error);
        },
      },
    );
  });
}
