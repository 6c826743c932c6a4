import { loadParser } from './llhttp.ts';
import { messageWriter } from './message.ts';
import type { PostAnswer, Poster, PosterOptions, PostRequest } from './post.ts';
import { SocketPool } from './socket-pool.ts';

/**
 * POSTs to one host over sockets of its own, one request at a time on each. The parser is loaded
 * with the first post: most functions never make one.
 *
 * @returns a function that answers once the answer has ended, and rejects when none has come
 */
export function leanPoster(options: PosterOptions): Poster {
  const { origin, sockets = Number.POSITIVE_INFINITY, deadlineMs, keepsHeaders = true } = options;
  const { protocol, host, hostname, port } = new URL(origin);
  const secure = protocol === 'https:';
  const destination = {
    secure,
    // Without the brackets of an IPv6 address.
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (secure ? 443 : 80),
    session: undefined,
    connectMs: deadlineMs,
    keepsHeaders,
  };
  const write = messageWriter(host);
  let pool: SocketPool | undefined;

  const connected = async () => {
    const open = await loadParser();
    pool ??= new SocketPool(destination, open, sockets);
    return pool;
  };
  const postTo = (to: SocketPool, request: PostRequest) =>
    new Promise<PostAnswer>((resolve, reject) => {
      const message = write(request);
      to.post({ message, deadlineMs: request.deadlineMs ?? deadlineMs, resolve, reject });
    });

  return (request) =>
    pool ? postTo(pool, request) : connected().then((to) => postTo(to, request));
}
