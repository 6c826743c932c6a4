import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lambdaRelay } from '../../../lambdas/aws/lambda-relay.ts';
import type { ShardTask } from '../../../lambdas/chat/post-shard.ts';
import { fakeClock, START } from '../../fakes/fake-clock.ts';
import { type Loopback, openLoopback } from './loopback.ts';

const TASK: ShardTask = {
  room: 'größe',
  shard: 1,
  frames: { v1: ['a'], legacy: ['b'] },
  until: START + 10_000,
  postsPerSecond: 10,
};

let answer = { status: 200, body: '', headers: {} };
let server: Loopback;
beforeEach(async () => {
  server = await openLoopback((_, response) => {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
});
afterEach(() => server.close());

const relay = () =>
  lambdaRelay({
    functionName: 'Parlor-FanOut',
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    clock: fakeClock(),
    endpoint: server.url,
  });

test('a room is handed on by an asynchronous invocation', async () => {
  answer = { status: 202, body: '', headers: {} };
  await relay().handOn('größe', 'ticket');
  const [request] = server.received;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/2015-03-31/functions/Parlor-FanOut/invocations',
    headers: { 'x-amz-invocation-type': 'Event' },
  });
  expect(JSON.parse(request?.body ?? '')).toEqual({
    kind: 'resume',
    room: 'größe',
    ticket: 'ticket',
  });
  expect(request?.headers.authorization).toContain('/eu-central-1/lambda/aws4_request');
});

test('a shard is posted by another function, whose report comes back', async () => {
  const report = { members: 2, delivered: 1, gone: 1, slow: 0, failed: 0 };
  answer = { status: 200, body: JSON.stringify(report), headers: {} };
  expect(await relay().postShard(TASK)).toEqual(report);
  expect(server.received[0]?.headers['x-amz-invocation-type']).toBe('RequestResponse');
});

test.each([
  { status: 429, body: '{}', headers: {} },
  { status: 500, body: '{}', headers: {} },
  { status: 200, body: '{}', headers: { 'x-amz-function-error': 'Unhandled' } },
])('an answer like $status $headers is an error', async (given) => {
  answer = given;
  await expect(relay().postShard(TASK)).rejects.toThrow(`Lambda answered ${given.status}`);
});

test('a function that is not there is an error', async () => {
  await server.close();
  await expect(relay().handOn('room', 'ticket')).rejects.toThrow('ECONNREFUSED');
  server = await openLoopback(() => {});
});
