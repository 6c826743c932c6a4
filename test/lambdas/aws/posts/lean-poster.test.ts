import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { isTimeout } from '../../../../lambdas/aws/posts/http-poster.ts';
import { leanPoster } from '../../../../lambdas/aws/posts/lean-poster.ts';
import type { PostRequest } from '../../../../lambdas/aws/posts/post.ts';
import { type LyingServer, OK, openLyingServer, type Step } from './lying-server.ts';

let server: LyingServer;
let answer: (path: string, nth: number) => readonly Step[];

beforeEach(async () => {
  answer = () => [{ say: OK }];
  server = await openLyingServer((path, nth) => answer(path, nth));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.close();
});

const request = (given: Partial<PostRequest> = {}): PostRequest => ({
  ...{ path: '/a', headers: { 'x-mine': 'yes' }, body: 'größe 🙂' },
  ...given,
});
const poster = (deadlineMs = 5_000, sockets = 1) =>
  leanPoster({ origin: server.url, deadlineMs, sockets });
/** The outcome of one post, in a word or as the answer. */
const outcome = async (post: ReturnType<typeof poster>, given: Partial<PostRequest> = {}) => {
  try {
    const { status, body } = await post(request(given));
    return { status, body };
  } catch (failure) {
    return (failure as { code?: string }).code;
  }
};
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

test('a request is written as HTTP has it', async () => {
  await poster()(request());
  expect(server.requests).toEqual([
    `POST /a HTTP/1.1\r\nx-mine: yes\r\nhost: 127.0.0.1:${server.port}\r\ncontent-length: 12\r\n\r\n${Buffer.from('größe 🙂').toString('latin1')}`,
  ]);
});

describe('an answer', () => {
  const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
  test.each<[string, Step[], number, string]>([
    ['in chunks', [{ say: `${CHUNKED}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n` }], 200, 'abcde'],
    [
      'in chunks with trailers',
      [{ say: `${CHUNKED}3\r\nabc\r\n0\r\nx-late: 1\r\n\r\n` }],
      200,
      'abc',
    ],
    [
      'after 100 Continue and 103 Early Hints',
      [{ say: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${OK}` }],
      200,
      '',
    ],
    ['without a body, for 204 has none', [{ say: 'HTTP/1.1 204 No Content\r\n\r\n' }], 204, ''],
    ['of HTTP/1.0', [{ say: 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi' }, 'end'], 200, 'hi'],
    [
      'as long as the connection',
      [{ say: 'HTTP/1.1 200 OK\r\n\r\nto the' }, { say: ' end' }, 'end'],
      200,
      'to the end',
    ],
  ])('%s is understood', async (_, steps, status, body) => {
    answer = () => steps;
    expect(await outcome(poster())).toEqual({ status, body });
  });

  test('byte by byte is the same as at once', async () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\n${CHUNKED.replace('\r\n\r\n', '\r\nX-Two: a\r\nx-two: b\r\n__proto__: c\r\n\r\n')}3\r\nabc\r\n0\r\n\r\n`;
    answer = () => [...text].map((say) => ({ say }));
    const { status, headers, body } = await poster()(request());
    expect([
      status,
      body,
      headers['x-two'],
      Object.entries(headers).find(([name]) => name === '__proto__')?.[1],
    ]).toEqual([...[200, 'abc', ['a', 'b'], 'c']]);
  });

  test.each<[string, string]>([
    ['garbage', 'SSH-2.0-OpenSSH_9.9\r\n'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['another protocol, without a name', `HTTP/1.1 101 Switching Protocols\r\n\r\n${OK}`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    ],
    ['a head of many headers', `HTTP/1.1 200 OK\r\n${'x: yyyyyyyyyyyyyy\r\n'.repeat(1_500)}\r\n`],
    ['a header without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}`],
    ['a status line without end', `HTTP/1.1 200 ${'y'.repeat(40_000)}`],
  ])('that is %s fails, and its socket is not used again', async (_, say) => {
    answer = (__, nth) => [{ say: nth === 0 ? say : OK }];
    const post = poster();
    expect(await outcome(post)).toBe('POST_BAD_ANSWER');
    expect(await outcome(post)).toEqual({ status: 200, body: '' });
    expect(server.sockets).toBe(2);
  });

  test.each<[string, Step[]]>([
    [
      'is too large',
      [
        { say: `HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n` },
        { say: Buffer.alloc(2_000_000) },
      ],
    ],
    ['breaks its chunks', [{ say: `${CHUNKED}zz\r\n` }]],
    [
      'ends before its length',
      [{ say: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf' }, 'end'],
    ],
    [
      'is reset',
      [{ say: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf' }, { wait: 50 }, 'reset'],
    ],
    ['stops', [{ say: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf' }, 'hang']],
    [
      'trickles for ever',
      [
        { say: CHUNKED },
        ...Array.from({ length: 100 }, () => [{ wait: 40 }, { say: '1\r\na\r\n' }]).flat(),
      ],
    ],
  ])('whose body %s has its status and no body', async (_, steps) => {
    answer = (__, nth) => (nth === 0 ? steps : [{ say: OK }]);
    const post = poster(400);
    expect(await outcome(post)).toEqual({ status: 200, body: undefined });
    expect(await outcome(post, { deadlineMs: 5_000 })).toEqual({ status: 200, body: '' });
    expect(server.sockets).toBe(2);
  });
});

describe('a socket', () => {
  test.each<[string, Step[]]>([
    [
      'is said to close',
      [{ say: 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n' }],
    ],
    ['brings two answers for one request', [{ say: OK + OK.replace('200', '410') }]],
    [
      'brings more when nobody asked',
      [{ say: OK }, { wait: 1 }, { say: OK.replace('200', '410') }],
    ],
    ['closes after its answer', [{ say: OK }, 'end']],
  ])('that %s is not used again', async (_, steps) => {
    answer = (__, nth) => (nth === 0 ? steps : [{ say: OK }]);
    const post = poster();
    expect(await outcome(post)).toEqual({ status: 200, body: '' });
    await until(() => server.open.size === 0);
    expect(await outcome(post)).toEqual({ status: 200, body: '' });
    expect(server.sockets).toBe(2);
  });

  test('that was idle while the function was frozen is not used again', async () => {
    const post = poster();
    await post(request());
    const thawed = Date.now() + 600_000;
    jest.spyOn(Date, 'now').mockImplementation(() => thawed);
    await post(request());
    expect(server.sockets).toBe(2);
    expect(server.requests).toHaveLength(2);
  });

  test('that is kept for less than two seconds is closed at once', async () => {
    answer = () => [{ say: OK.replace('\r\n', '\r\nKeep-Alive: timeout=2\r\n') }];
    const post = poster();
    for (let n = 0; n < 3; n++) await post(request());
    expect(server.sockets).toBe(3);
  });

  test('that was idle for seconds is closed', async () => {
    answer = () => [
      {
        say: 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=2.1\r\nKeep-Alive: timeout=3\r\ncontent-length: 0\r\n\r\n',
      },
    ];
    await poster()(request());
    expect(server.open.size).toBe(1);
    await until(() => server.open.size === 0);
  });

  test('that breaks takes its post with it: nothing is sent twice', async () => {
    answer = (_, nth) => (nth === 1 ? ['reset'] : [{ say: OK }]);
    const post = poster();
    await post(request());
    expect(await outcome(post)).toBe('ECONNRESET');
    expect(await outcome(post)).toEqual({ status: 200, body: '' });
    expect(server.requests).toHaveLength(3);
  });

  test('that ends without an answer fails its post alone', async () => {
    answer = (path) => (path === '/bad' ? ['end'] : [{ say: OK }]);
    const post = poster(5_000, 3);
    const paths = ['/a', '/bad', '/b', '/c', '/bad', '/d'];
    const outcomes = await Promise.all(paths.map((path) => outcome(post, { path })));
    expect(outcomes.map((each) => (typeof each === 'object' ? each.status : each))).toEqual([
      ...[200, 'POST_CUT_OFF', 200, 200, 'POST_CUT_OFF', 200],
    ]);
    expect(server.requests).toHaveLength(6);
  });

  test('that answers before all of the request is sent is not used for another', async () => {
    const paused = await openLyingServer(() => [{ say: OK }, 'stop reading']);
    const post = leanPoster({ origin: paused.url, deadlineMs: 400, sockets: 1 });
    const body = 'x'.repeat(30_000_000);
    expect(await outcome(post, { path: '/early', body })).toEqual({ status: 200, body: '' });
    // The only socket is taken until the rest of the request has had its time.
    expect(await outcome(post, { path: '/early', body: '' })).toEqual({ status: 200, body: '' });
    expect(paused.sockets).toBe(2);
    await paused.close();
  });

  test('that answers before all of the request is sent serves again once it is', async () => {
    const post = poster();
    const body = 'x'.repeat(5_000_000);
    expect(await outcome(post, { path: '/early', body })).toEqual({ status: 200, body: '' });
    expect(await outcome(post)).toEqual({ status: 200, body: '' });
    expect(server.sockets).toBe(1);
  });
});

describe('time', () => {
  test('runs out for an answer, announced or not', async () => {
    answer = () => [{ say: 'HTTP/1.1 102 Processing\r\n\r\n' }, 'hang'];
    const failure = await poster(100)(request()).catch((error: unknown) => error);
    expect(isTimeout(failure)).toBe(true);
    expect(String(failure)).toContain('No answer within 100 ms');
  });

  test('begins anew when the answer does', async () => {
    const body = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n';
    answer = () => [{ wait: 500 }, { say: body }, { wait: 500 }, { say: 'hi' }];
    expect(await outcome(poster(800))).toEqual({ status: 200, body: 'hi' });
  });

  test('runs out for a connection', async () => {
    const silent = await openLyingServer(() => ['hang']);
    // It takes sockets, and says nothing of TLS.
    const post = leanPoster({ origin: `https://127.0.0.1:${silent.port}`, deadlineMs: 100 });
    const failure = await post(request()).catch((error: unknown) => error);
    expect(isTimeout(failure)).toBe(true);
    expect(String(failure)).toContain('No connection within 100 ms');
    await until(() => silent.open.size === 0);
    await silent.close();
  });

  test('that a post has is its own', async () => {
    answer = (path) => (path === '/slow' ? ['hang'] : [{ wait: 300 }, { say: OK }]);
    const post = poster(60_000, 2);
    const both = [outcome(post, { path: '/slow', deadlineMs: 50 }), outcome(post)];
    expect(await Promise.all(both)).toEqual(['POST_TIMEOUT', { status: 200, body: '' }]);
  });

  test('in which this process was busy does not count', async () => {
    const post = poster(300);
    await post(request());
    const posted = post(request());
    await until(() => server.requests.length === 2);
    const start = performance.now();
    while (performance.now() - start < 500);
    expect(await posted).toMatchObject({ status: 200 });
  });
});

describe('connections', () => {
  test('are no more than allowed, and all posts are served', async () => {
    const post = poster(20_000, 20);
    const answers = await Promise.all(Array.from({ length: 500 }, () => outcome(post)));
    expect(answers.every((each) => typeof each === 'object' && each.status === 200)).toBe(true);
    expect(server.sockets).toBeLessThanOrEqual(20);
    expect(server.requests).toHaveLength(500);
  });

  test('that fail to open fail one post each, and the next tries anew', async () => {
    await server.close();
    const post = poster(5_000, 2);
    const failures = await Promise.all([1, 2, 3, 4, 5].map(() => outcome(post)));
    expect(failures).toEqual(Array(5).fill('ECONNREFUSED'));
    server = await openLyingServer(() => [{ say: OK }]);
  });

  test('to a name that nobody has fail', async () => {
    const post = leanPoster({ origin: 'http://no.such.host.invalid', deadlineMs: 20_000 });
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(await outcome(post));
  });

  test('are found by a name with several addresses', async () => {
    const post = leanPoster({ origin: `http://localhost:${server.port}`, deadlineMs: 5_000 });
    expect(await outcome(post)).toEqual({ status: 200, body: '' });
  });
});

test('an idle socket keeps no process running', async () => {
  const module = new URL('../../../../lambdas/aws/posts/lean-poster.ts', import.meta.url);
  const script = `const { leanPoster } = await import(${JSON.stringify(module.href)});
    const post = leanPoster({ origin: ${JSON.stringify(server.url)}, deadlineMs: 60_000 });
    await post({ path: '/', headers: {}, body: '' });
    const answered = performance.now();
    process.on('exit', () => console.log(performance.now() - answered));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    script,
  ]);
  expect(server.requests).toHaveLength(1);
  // A socket is idle for four seconds before it is closed.
  expect(Number(stdout)).toBeLessThan(2_000);
});

describe('what would change the request', () => {
  test.each<[string, Partial<PostRequest>]>([
    ['a header with a line break', { headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['a header with what is not ASCII', { headers: { 'x-a': 'größe' } }],
    ['a name with a space', { headers: { 'x a': 'b' } }],
    ['a length', { headers: { 'content-length': '1' } }],
    ['a path with a space', { path: '/a b' }],
    ['a path with a line break', { path: '/a\r\nx: y' }],
    ['no path', { path: '' }],
  ])('%s is refused', async (_, given) => {
    expect(await outcome(poster(), given)).toBe('POST_UNFIT');
    expect(server.sockets).toBe(0);
  });
});
