import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { timeoutOf } from './failures.ts';

export interface ExchangeOptions {
  /** https://host, or http:// for what stands in for AWS on this machine. */
  endpoint: URL;
  /** How long a connection may take to be made, in milliseconds. */
  connectMs: number;
  /** How long the answer may take to begin, and any pause in it, in milliseconds. */
  answerMs: number;
}

export interface WireAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** The way to one host. */
export interface Exchange {
  /**
   * Sends a POST and reads its answer to the end.
   *
   * @throws Error with a `code`, when there is no whole answer; whether the request was carried out is
   * not known then
   */
  post(headers: Readonly<Record<string, string>>, body: string): Promise<WireAnswer>;
  close(): void;
}

const SOCKETS = 200;
/** DynamoDB answers 16 MB of items at most, which escaping in JSON can make six times as large. */
const ANSWER_BYTES = 6 * 16 * 1024 * 1024;

/** The errors by which Node tells that a connection couldn't be made, or broke. */
const TIMEOUT_CODES = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'];

/**
 * POSTs over Node's own client, which starts faster than undici in a cold function. Sockets are kept:
 * the last one used is used next, so that few are old.
 */
export function openExchange({ endpoint, connectMs, answerMs }: ExchangeOptions): Exchange {
  const secure = endpoint.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({
    keepAlive: true,
    maxSockets: SOCKETS,
    scheduling: 'lifo',
  });
  const start = secure ? httpsRequest : httpRequest;
  const target = {
    agent,
    method: 'POST',
    host: endpoint.hostname.replace(/^\[|\]$/g, ''),
    port: endpoint.port,
    path: '/',
  };

  /** A frozen function's sockets grow old together: where one was closed meanwhile, so were the rest. */
  function forgetIdleSockets(): void {
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
  }

  return {
    post: (headers, body) =>
      new Promise((resolve, reject) => {
        const request = start({ ...target, headers }, read);
        let answered: IncomingMessage | undefined;
        let timer = setTimeout(() => giveUp('The answer took too long.'), answerMs);
        let connecting: NodeJS.Timeout | undefined;

        function settled(): void {
          clearTimeout(timer);
          clearTimeout(connecting);
        }
        function giveUp(words: string): void {
          (answered ?? request).destroy(timeoutOf(words));
        }
        function failed(error: Error & { code?: string }): void {
          settled();
          if (request.reusedSocket && !answered) forgetIdleSockets();
          reject(
            TIMEOUT_CODES.includes(error.code ?? '')
              ? Object.assign(error, { name: 'TimeoutError' })
              : error,
          );
        }
        function read(answer: IncomingMessage): void {
          answered = answer;
          const chunks: Buffer[] = [];
          let bytes = 0;
          answer.on('data', (chunk: Buffer) => {
            clearTimeout(timer);
            timer = setTimeout(() => giveUp('The answer paused for too long.'), answerMs);
            chunks.push(chunk);
            bytes += chunk.length;
            if (bytes > ANSWER_BYTES) answer.destroy(new Error('The answer is too large.'));
          });
          answer.on('error', failed);
          answer.on('end', () => {
            settled();
            const [chunk = Buffer.alloc(0)] = chunks;
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: chunks.length > 1 ? Buffer.concat(chunks, bytes) : chunk,
            });
          });
        }

        request.on('error', (error) => {
          // What comes after a whole answer is nobody's; the socket is closed for it.
          if (!answered?.complete) failed(error);
        });
        request.on('socket', (socket) => {
          if (!socket.connecting) return;
          connecting = setTimeout(() => giveUp('The connection took too long.'), connectMs);
          socket.once('connect', () => clearTimeout(connecting));
        });
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}
