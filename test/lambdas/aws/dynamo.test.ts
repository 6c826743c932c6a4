import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, expect, test } from '@jest/globals';
import { conditionHeld, openTable, type Table, toTtl } from '../../../lambdas/aws/dynamo.ts';
import { localDynamo } from '../../../local/database.ts';
import { conditionFailed, throttled } from './dynamo-calls.ts';
import { type Loopback, openLoopback } from './loopback.ts';

let server: Loopback;
let table: Table;
afterAll(async () => {
  table.client.destroy();
  await server.close();
});

test('a call that is not answered within two seconds is tried again', async () => {
  server = await openLoopback((_, response) => {
    if (server.received.length < 2) return;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end('{"Item":{"pk":{"S":"found"}}}');
  });
  // As it reaches AWS: the embedded database is given more time.
  const { requestHandler: _patient, ...config } = localDynamo(server.url);
  table = openTable('parlor', config);
  const start = performance.now();
  const get = new GetCommand({ TableName: table.name, Key: { pk: 'a', sk: 'b' } });
  expect((await table.client.send(get)).Item).toEqual({ pk: 'found' });
  expect(server.received).toHaveLength(2);
  expect(performance.now() - start).toBeLessThan(8_000);
});

test('a condition that fails is an answer, everything else is a fault', async () => {
  expect(await conditionHeld(Promise.resolve({}))).toBe(true);
  expect(await conditionHeld(Promise.reject(conditionFailed()))).toBe(false);
  await expect(conditionHeld(Promise.reject(throttled()))).rejects.toThrow('Too fast.');
});

test('an expiry is rounded up to whole seconds', () => {
  expect([0, 1, 999, 1_000, 1_001].map(toTtl)).toEqual([0, 1, 1, 1, 2]);
});
