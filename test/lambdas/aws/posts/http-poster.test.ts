import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { POST_CLIENTS, type PostClient } from '../../../../lambdas/aws/environment.ts';
import { httpPoster, isTimeout } from '../../../../lambdas/aws/posts/http-poster.ts';
import type { PostRequest } from '../../../../lambdas/aws/posts/post.ts';
import { type Loopback, openLoopback } from '../loopback.ts';

let server: Loopback;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  answer = (response) => response.writeHead(200).end('fine');
  server = await openLoopback((_, response) => answer(response));
});
afterEach(() => server.close());

const request = (given: Partial<PostRequest> = {}): PostRequest => ({
  path: '/a%20b/@c',
  headers: { 'x-mine': 'yes' },
  body: '{"größe":"🙂"}',
  ...given,
});

let client: PostClient;
const poster = (deadlineMs = 300, sockets?: number) =>
  httpPoster({ client, origin: server.url, deadlineMs, ...(sockets && { sockets }) });

describe.each(POST_CLIENTS)('by the client %s, a post', (name) => {
  beforeEach(() => {
    client = name;
  });

  test('brings path, headers and body as they are, and the answer back', async () => {
    answer = (response) =>
      response.writeHead(418, { 'x-theirs': 'no', 'x-two': ['a', 'b'] }).end('größe 🙂');
    expect(await poster()(request())).toMatchObject({
      status: 418,
      headers: { 'x-theirs': 'no', 'x-two': ['a', 'b'] },
      body: 'größe 🙂',
    });
    expect(server.received).toMatchObject([
      {
        method: 'POST',
        path: '/a%20b/@c',
        headers: { 'x-mine': 'yes' },
        body: '{"größe":"🙂"}',
      },
    ]);
  });

  test('gets the answer whole, in however many pieces it comes', async () => {
    answer = (response) => {
      const bytes = Buffer.from('größe 🙂'.repeat(1_000));
      for (let from = 0; from < bytes.length; from += 777) {
        response.write(bytes.subarray(from, from + 777));
      }
      response.end();
    };
    const { body } = await poster()(request());
    expect(body).toBe('größe 🙂'.repeat(1_000));
  });

  test('passes over what only announces the answer', async () => {
    answer = (response) => {
      response.writeProcessing();
      response.writeHead(202).end();
    };
    expect(await poster()(request())).toMatchObject({ status: 202, body: '' });
  });

  test('of which the answer was announced and never came fails', async () => {
    answer = (response) => {
      response.writeProcessing();
      setImmediate(() => response.destroy());
    };
    await expect(poster()(request())).rejects.toThrow();
  });

  test('without an answer in time fails as a timeout', async () => {
    answer = () => {};
    const failure = await poster()(request()).catch((error: unknown) => error);
    expect(isTimeout(failure)).toBe(true);
  });

  test('may have a deadline of its own', async () => {
    answer = () => {};
    const start = performance.now();
    await expect(poster(60_000)(request({ deadlineMs: 200 }))).rejects.toThrow(/timeout/i);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('whose answer stops after its status has that status and no body', async () => {
    answer = (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    };
    expect(await poster()(request())).toMatchObject({ status: 200, body: undefined });
  });

  test('that nobody listens to fails, and not as a timeout', async () => {
    await server.close();
    const failure = await poster()(request()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' });
    expect(isTimeout(failure)).toBe(false);
    server = await openLoopback(() => {});
  });

  test('fails for itself alone', async () => {
    let count = 0;
    answer = (response) => {
      if (++count === 2) response.destroy();
      else response.writeHead(200).end(`${count}`);
    };
    const post = poster(2_000, 1);
    const first = await post(request());
    const second = await post(request()).catch(() => 'failed');
    const third = await post(request());
    expect([first.body, second, third.body]).toEqual(['1', 'failed', '3']);
  });
});

describe.each(POST_CLIENTS)('the sockets of the client %s', (name) => {
  beforeEach(() => {
    client = name;
  });

  test('are as few as it was told', async () => {
    const post = poster(5_000, 2);
    await Promise.all(Array.from({ length: 20 }, () => post(request())));
    expect(server.received).toHaveLength(20);
    expect(server.sockets).toBe(2);
  });

  test('are opened once, though the first posts come at once', async () => {
    const post = poster(5_000, 1);
    const answers = await Promise.all([post(request()), post(request()), post(request())]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(server.sockets).toBe(1);
  });
});

test('a failure of another kind is no timeout', () => {
  expect(isTimeout(new Error('no'))).toBe(false);
  expect(isTimeout('UND_ERR_HEADERS_TIMEOUT')).toBe(false);
  expect(isTimeout(undefined)).toBe(false);
});
