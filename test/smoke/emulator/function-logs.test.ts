import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFunctionLog, tellsOfFailure } from '../../../smoke/emulator/function-logs.ts';

describe('a function’s log', () => {
  let server: Server;
  let asked: unknown[];
  const pages = [
    { events: [{ message: 'START RequestId: 1 Version: $LATEST\n' }], nextToken: 'more' },
    {
      events: [
        { message: '{"route":"join","result":"refused","code":"not_joined"}\n' },
        { message: '{"route":"join","result":"failed","code":"internal"}\n' },
        { message: 'START RequestId: 2 Version: $LATEST\n' },
      ],
    },
  ];
  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      const page = pages[asked.length];
      asked.push([request.headers['x-amz-target'], JSON.parse(await text(request))]);
      response.statusCode = page ? 200 : 400;
      response.end(JSON.stringify(page ?? { message: 'no such group' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
  });

  const emulator = () => ({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  });

  test('is read to its end: how often it was called, and what failed', async () => {
    expect(await readFunctionLog(emulator(), 'group')).toEqual({
      calls: 2,
      failures: ['{"route":"join","result":"failed","code":"internal"}'],
    });
    const target = 'Logs_20140328.FilterLogEvents';
    expect(asked).toEqual([
      [target, { logGroupName: 'group' }],
      [target, { logGroupName: 'group', nextToken: 'more' }],
    ]);
  });

  test('that can’t be read is told with what the service said', async () => {
    asked.push('page 1', 'page 2');
    await expect(readFunctionLog(emulator(), 'group')).rejects.toThrow(/400.*no such group/);
  });

  test.each([
    ['{"route":"audit","result":"ok","finding":"pumped"}', false],
    ['{"route":"audit","result":"ok","error":"Error: answered 403"}', true],
    ['2026-11-23T10:00:00.000Z 1 Task timed out after 29.00 seconds', true],
    ['2026-11-23T10:00:00.000Z\t1\tERROR\tUncaught Exception\t{}', true],
    ['REPORT RequestId: 1 Duration: 3 ms', false],
    ['{"not json', false],
  ])('line %s tells of a failure: %s', (line, failure) => {
    expect(tellsOfFailure(line)).toBe(failure);
  });
});
