import type { Pool } from 'undici';

export interface PosterOptions {
  /** https://host, without a path. */
  origin: string;
  /** Sockets kept open to it; as many as it takes unless told. */
  sockets?: number;
  /** How long an answer may take, and any pause in it, unless a request says otherwise. */
  deadlineMs: number;
}

/** A POST, signed by whoever makes it. */
export interface PostRequest {
  /** Already percent-encoded. */
  path: string;
  headers: Record<string, string>;
  body: string;
  deadlineMs?: number;
}

export interface PostAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Undefined when the answer broke off after its status. */
  body: string | undefined;
}

/** What undici calls the ways in which an answer fails to come in time. */
const TIMEOUTS = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * POSTs to one host, through undici. That is loaded with the first post: most functions never
 * make one.
 *
 * @returns a function that answers once the answer has ended, and rejects when none has come
 */
export function httpPoster(options: PosterOptions): (request: PostRequest) => Promise<PostAnswer> {
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
          // 100 Continue and its like announce the answer.
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

/** Whether a request failed because its answer took too long. */
export const isTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && TIMEOUTS.has(String(error.code));
