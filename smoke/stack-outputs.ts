import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type StackResource,
} from '@aws-sdk/client-cloudformation';
import type { TargetOptions } from './target.ts';

/** What a deployed stack says of itself. */
export interface StackOutputs {
  addresses: Pick<TargetOptions, 'url' | 'socketUrl'>;
  tableName: string;
}

/** @throws Error when there is no such stack, or it is none of Parlor's */
export async function outputsOf(stack: string, region?: string): Promise<StackOutputs> {
  const client = clientIn(region);
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = new Map(
    Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const [url, socketUrl] = [outputs.get('ChatUrl'), outputs.get('SocketUrl')];
  const tableName = outputs.get('TableName');
  if (!url || !socketUrl || !tableName) {
    throw new Error(`The stack ${stack} has no output ChatUrl: is it one of Parlor's?`);
  }
  // The edge has sockets at the chat's own paths.
  const byPath = socketUrl.endsWith('/ws/chat/');
  return { addresses: { url, socketUrl: byPath ? undefined : socketUrl }, tableName };
}

/** All that a stack is made of. */
export async function resourcesOf(stack: string, region?: string): Promise<StackResource[]> {
  const { StackResources = [] } = await clientIn(region).send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  return StackResources;
}

const clientIn = (region: string | undefined) =>
  new CloudFormationClient(region === undefined ? {} : { region });
