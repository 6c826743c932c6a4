import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isTimeout } from '../../../../lambdas/aws/posts/http-poster.ts';
import { leanPoster } from '../../../../lambdas/aws/posts/lean-poster.ts';
import type { Poster } from '../../../../lambdas/aws/posts/post.ts';
import { undiciPoster } from '../../../../lambdas/aws/posts/undici-poster.ts';
import { type LyingServer, openLyingServer, type Step } from './lying-server.ts';

/**
 * undici is the judge of the lean poster: the same posts go through both to a server that lies in
 * the same way. Left out is where the two differ with intent:
 *   - 100 Continue, of which RFC 9110 (15.2) says that a client must be able to take it: undici fails;
 *   - a body that is as long as the connection, when that is reset: undici takes it for whole;
 *   - a body that trickles, or is larger than a mebibyte: undici waits on, and takes it.
 */
interface Lie {
  bytes: string;
  pieces: number;
  finally: 'nothing' | 'end' | 'reset';
}

const scripts = new Map<string, Lie[]>();
let server: LyingServer;
beforeAll(async () => {
  server = await openLyingServer((path) => stepsOf(scripts.get(path)?.shift()));
});
afterAll(() => server.close());

function stepsOf(lie: Lie | undefined): Step[] {
  if (!lie) return ['reset'];
  const size = Math.max(1, Math.ceil(lie.bytes.length / lie.pieces));
  const steps: Step[] = [];
  for (let from = 0; from < lie.bytes.length; from += size) {
    steps.push({ say: Buffer.from(lie.bytes.slice(from, from + size), 'latin1') });
  }
  // What was said has arrived before the socket is reset.
  if (lie.finally === 'reset') steps.push({ wait: 5 });
  if (lie.finally !== 'nothing') steps.push(lie.finally);
  return steps;
}

const header = fc.oneof(
  fc.constantFrom(
    ...[
      'connection: close',
      'Connection: keep-alive',
      'Keep-Alive: timeout=5',
      'keep-alive: timeout=1',
    ],
    ...['x-amzn-errortype: GoneException', 'x: a', 'X: b', 'x:', '__proto__: y', 'vary:   many  '],
    ...['content-length: 3', 'transfer-encoding: chunked', 'transfer-encoding: gzip', 'bad header'],
    ...['content-length: -1', ' folded: x', 'x\x00y: z', 'x: größe', 'upgrade: websocket'],
  ),
);
const status = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(200, 200, 410, 429, 403, 413, 500, 503, 204, 304, 301) },
  { weight: 1, arbitrary: fc.constantFrom(101, 199, 999, 0, 20) },
);
const body = fc.string({ maxLength: 40 });
/** In the way that its head says, unless a header of the head says otherwise. */
const framed = fc.oneof(
  body.map((text) => ({ head: [`content-length: ${Buffer.byteLength(text)}`], bytes: text })),
  fc.array(body, { maxLength: 3 }).map((chunks) => ({
    head: ['Transfer-Encoding: chunked'],
    bytes: `${chunks
      .filter((chunk) => chunk !== '')
      .map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`)
      .join('')}0\r\n\r\n`,
  })),
);
const answer = fc
  .record({
    interim: fc.constantFrom('', '', '', 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'),
    version: fc.constantFrom('1.1', '1.1', '1.1', '1.0', '2.0'),
    status,
    headers: fc.array(header, { maxLength: 3 }),
    framed,
    after: fc.constantFrom(
      '',
      '',
      '',
      '',
      'HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n',
      'junk',
    ),
  })
  .map(({ interim, version, status, headers, framed, after }) => {
    const head = [`HTTP/${version} ${status} Word`, ...headers, ...framed.head].join('\r\n');
    return `${interim}${head}\r\n\r\n${framed.bytes}${after}`;
  });
const OTHERS = [200, 410, 429, 500, 503];
/** Leaves its socket to the next. */
const truth: fc.Arbitrary<Lie> = fc
  .record({ status: fc.constantFrom(...OTHERS), framed, pieces: fc.integer({ min: 1, max: 6 }) })
  .map(({ status, framed, pieces }) => ({
    bytes: `HTTP/1.1 ${status} Word\r\n${framed.head[0]}\r\n\r\n${framed.bytes}`,
    pieces,
    finally: 'nothing',
  }));
/** As long as the connection. */
const endless: fc.Arbitrary<Lie> = fc
  .record({ status: fc.constantFrom(...OTHERS), body, pieces: fc.integer({ min: 1, max: 6 }) })
  .map(({ status, body, pieces }) => ({
    ...{ bytes: `HTTP/1.1 ${status} Word\r\n\r\n${body}`, pieces, finally: 'end' as const },
  }));
const cut: fc.Arbitrary<Lie> = fc
  .record({
    text: fc.oneof({ weight: 9, arbitrary: answer }, { weight: 1, arbitrary: fc.string() }),
    /** How much of it is said. */
    part: fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
    pieces: fc.integer({ min: 1, max: 6 }),
    finally: fc.constantFrom('end' as const, 'reset' as const),
  })
  .map(({ text, part, pieces, finally: last }) => ({
    ...{ bytes: text.slice(0, Math.ceil(text.length * part)), pieces, finally: last },
  }));

const lie = fc.oneof({ weight: 2, arbitrary: truth }, endless, { weight: 4, arbitrary: cut });

const outcome = async (post: Poster, path: string) => {
  try {
    const { status, body, headers } = await post({ path, headers: { 'x-a': 'b' }, body: 'größe' });
    return { status, body, headers: { ...headers } };
  } catch (failure) {
    return isTimeout(failure) ? 'slow' : 'failed';
  }
};

async function outcomes(lies: readonly Lie[], make: typeof leanPoster, path: string) {
  scripts.set(path, [...lies]);
  const post = make({ origin: server.url, deadlineMs: 10_000, sockets: 1 });
  const got = [];
  for (const { finally: last } of lies) {
    got.push(await outcome(post, path));
    // Whether a socket that is being closed is used once more is a matter of luck.
    while (last !== 'nothing' && server.open.size > 0) await new Promise(setImmediate);
    if (last !== 'nothing') await new Promise((seen) => setTimeout(seen, 2));
  }
  for (const socket of server.open) socket.destroy();
  scripts.delete(path);
  return got;
}

describe('the lean poster and undici', () => {
  test('agree on every answer, however it is said and wherever it is cut off', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(lie, { minLength: 1, maxLength: 4 }), async (lies) => {
        run++;
        const lean = await outcomes(lies, leanPoster, `/lean/${run}`);
        expect(lean).toEqual(await outcomes(lies, undiciPoster, `/undici/${run}`));
      }),
      { numRuns: 200 },
    );
  });
});
