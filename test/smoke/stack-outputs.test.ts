import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { outputsOf } from '../../smoke/stack-outputs.ts';

describe('what a stack says of itself', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  beforeEach(() => {
    cloudFormation.reset();
  });

  const says = (outputs: Record<string, string>) =>
    cloudFormation.on(DescribeStacksCommand, { StackName: 'Parlor' }).resolves({
      Stacks: [
        {
          StackName: 'Parlor',
          CreationTime: new Date(0),
          StackStatus: 'CREATE_COMPLETE',
          Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({
            OutputKey,
            OutputValue,
          })),
        },
      ],
    });

  test('with the edge is one origin', async () => {
    says({
      ChatUrl: 'https://d1.cloudfront.net',
      SocketUrl: 'wss://d1.cloudfront.net/ws/chat/',
      TableName: 'T',
    });
    expect(await outputsOf('Parlor', 'eu-central-1')).toEqual({
      addresses: { url: 'https://d1.cloudfront.net', socketUrl: undefined },
      tableName: 'T',
    });
  });

  test('without it is a stage for sockets beside it', async () => {
    says({ ChatUrl: 'https://rest', SocketUrl: 'wss://socket/live', TableName: 'T' });
    const { addresses } = await outputsOf('Parlor', 'eu-central-1');
    expect(addresses).toEqual({ url: 'https://rest', socketUrl: 'wss://socket/live' });
  });

  test('shows that it is none of ours', async () => {
    says({ Other: 'x' });
    await expect(outputsOf('Parlor', 'eu-central-1')).rejects.toThrow("is it one of Parlor's?");
  });
});
