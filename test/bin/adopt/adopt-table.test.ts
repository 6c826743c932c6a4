import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { adoptTable } from '../../../bin/adopt/adopt-table.ts';

const aws = mockClient(DynamoDBClient);
const client = new DynamoDBClient({ region: 'eu-west-1' });
const STREAM = 'arn:aws:dynamodb:eu-west-1:123456789012:table/restored/stream/2026';

/** As a restore leaves it. */
const RESTORED: TableDescription = {
  TableStatus: 'ACTIVE',
  KeySchema: [
    { KeyType: 'HASH', AttributeName: 'pk' },
    { KeyType: 'RANGE', AttributeName: 'sk' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'visits',
      KeySchema: [
        { KeyType: 'HASH', AttributeName: 'visitor' },
        { KeyType: 'RANGE', AttributeName: 'visitedAt' },
      ],
    },
  ],
};

/** A table that takes up what it is told. */
function stand(table: TableDescription, expires = 'DISABLED'): void {
  let now = table;
  let ttl = expires;
  aws.on(DescribeTableCommand).callsFake(async () => ({ Table: now }));
  aws.on(UpdateTableCommand).callsFake(async ({ TableName: _name, ...change }) => {
    now = {
      ...now,
      ...change,
      ...('StreamSpecification' in change && { LatestStreamArn: STREAM }),
    };
  });
  aws.on(DescribeTimeToLiveCommand).callsFake(async () => ({
    TimeToLiveDescription: { TimeToLiveStatus: ttl },
  }));
  aws.on(UpdateTimeToLiveCommand).callsFake(async () => {
    if (ttl === 'ENABLED') throw new Error('TimeToLive is already enabled');
    ttl = 'ENABLED';
  });
  aws.on(UpdateContinuousBackupsCommand).resolves({});
}

const changes = () =>
  aws
    .calls()
    .map(({ args: [{ input }] }) => input)
    .filter((input) => Object.keys(input).length > 1);

describe('adopting a restored table', () => {
  beforeEach(() => {
    aws.reset();
  });

  test('gives it stream, protection, expiry and recovery, one after the other', async () => {
    stand(RESTORED);
    expect(await adoptTable(client, 'restored')).toBe(STREAM);
    expect(changes()).toEqual([
      {
        TableName: 'restored',
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
      },
      { TableName: 'restored', DeletionProtectionEnabled: true },
      {
        TableName: 'restored',
        TimeToLiveSpecification: { Enabled: true, AttributeName: 'expiresAt' },
      },
      {
        TableName: 'restored',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    ]);
  });

  test('can be repeated: what it has already stays as it is', async () => {
    stand(RESTORED);
    await adoptTable(client, 'restored');
    aws.resetHistory();
    expect(await adoptTable(client, 'restored')).toBe(STREAM);
    expect(changes().map((input) => Object.keys(input).at(-1))).toEqual([
      'PointInTimeRecoverySpecification',
    ]);
  });

  test.each<[string, TableDescription]>([
    ['another’s table', { ...RESTORED, KeySchema: [{ KeyType: 'HASH', AttributeName: 'id' }] }],
    ['one that was restored without its index', { ...RESTORED, GlobalSecondaryIndexes: [] }],
  ])('refuses %s, and leaves it as it is', async (_, table) => {
    stand(table);
    await expect(adoptTable(client, 'restored')).rejects.toThrow('is no table of a chat');
    expect(changes()).toEqual([]);
  });

  test('refuses a stream that shows what people said', async () => {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const };
    stand({ ...RESTORED, StreamSpecification });
    await expect(adoptTable(client, 'restored')).rejects.toThrow('wants KEYS_ONLY');
  });
});
