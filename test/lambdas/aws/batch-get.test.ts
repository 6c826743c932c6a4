import { BatchGetCommand, type BatchGetCommandInput } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { batchGet } from '../../../lambdas/aws/batch-get.ts';
import { openTable, type Table } from '../../../lambdas/aws/dynamo.ts';
import type { Key } from '../../../lambdas/aws/keys.ts';

type Asked = Pick<BatchGetCommandInput, 'RequestItems'>;

const keysOf = (count: number): Key[] =>
  Array.from({ length: count }, (_, n) => ({ pk: `p${n}`, sk: 's' }));

const keysIn = ({ RequestItems }: Asked) => (RequestItems?.parlor?.Keys ?? []) as Key[];

/** A table that gives `some` of the keys of a call, the last first, and leaves the rest over. */
function tableGiving(some: (keys: Key[], call: number) => Key[]): { table: Table; asked: Asked[] } {
  const table = openTable('parlor', { region: 'eu-central-1' });
  const asked: Asked[] = [];
  mockClient(table.client)
    .on(BatchGetCommand)
    .callsFake((input: Asked) => {
      const given = some(keysIn(input), asked.push(input));
      const left = keysIn(input).filter((key) => !given.includes(key));
      return {
        Responses: { parlor: given.map((key) => ({ ...key, found: true })).reverse() },
        ...(left.length > 0 && { UnprocessedKeys: { parlor: { Keys: left } } }),
      };
    });
  return { table, asked };
}

/** Notes the pauses that are asked for. */
function noted() {
  const pauses: number[] = [];
  return { pauses, pause: async (longestMs: number) => void pauses.push(longestMs) };
}

describe('a batched read', () => {
  test('gives the items in the order of their keys, and undefined for those that are not there', async () => {
    const { table } = tableGiving((keys) => keys);
    const keys = keysOf(3);
    expect(await batchGet(table, keys, true)).toEqual(keys.map((key) => ({ ...key, found: true })));
    const dynamo = mockClient(table.client);
    dynamo.on(BatchGetCommand).resolves({ Responses: { parlor: [{ pk: 'p1', sk: 's' }] } });
    expect(await batchGet(table, keys, true)).toEqual([
      undefined,
      { pk: 'p1', sk: 's' },
      undefined,
    ]);
  });

  test('of nothing asks for nothing', async () => {
    const { table, asked } = tableGiving((keys) => keys);
    expect(await batchGet(table, [], true)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test.each([true, false])(
    'asks for a hundred keys in a call (consistently: %s)',
    async (consistent) => {
      const { table, asked } = tableGiving((keys) => keys);
      expect(await batchGet(table, keysOf(250), consistent)).toHaveLength(250);
      expect(asked.map((input) => keysIn(input).length)).toEqual([100, 100, 50]);
      for (const { RequestItems } of asked) {
        expect(RequestItems?.parlor?.ConsistentRead).toBe(consistent);
      }
    },
  );

  test('asks again, at once and as it asked before, for what was left over', async () => {
    const { table, asked } = tableGiving((keys) => keys.slice(0, 30));
    const { pauses, pause } = noted();
    const items = await batchGet(table, keysOf(70), true, pause);
    expect(items.every((item) => item !== undefined)).toBe(true);
    expect(asked.map((input) => keysIn(input).length)).toEqual([70, 40, 10]);
    expect(asked.at(-1)?.RequestItems?.parlor?.ConsistentRead).toBe(true);
    expect(pauses).toEqual([]);
  });

  test('pauses for longer each time that nothing comes', async () => {
    const { table } = tableGiving((keys, call) => (call <= 3 ? [] : keys));
    const { pauses, pause } = noted();
    expect(await batchGet(table, keysOf(2), true, pause)).toHaveLength(2);
    expect(pauses).toEqual([50, 100, 200]);
  });

  test('gives up when nothing ever comes', async () => {
    const { table, asked } = tableGiving(() => []);
    const { pause } = noted();
    await expect(batchGet(table, keysOf(7), true, pause)).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: expect.stringContaining('7 keys'),
    });
    expect(asked).toHaveLength(5);
  });
});
