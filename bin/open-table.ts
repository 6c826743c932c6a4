import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { readLocalConfig } from '../lambdas/aws/config.ts';
import { openTable, type Table } from '../lambdas/aws/dynamo.ts';
import { type Database, openDatabase, openRemote } from '../local/database.ts';
import { claim, withdraw } from '../local/running.ts';

/** What scripts that work on a chat's table say of these options in their usage. */
export const TABLE_USAGE = `  --stack NAME       in a deployed stack, with the AWS credentials of the environment;
                     without it in the local data folder (PARLOR_DATA, else .parlor)
  --region NAME      the stack's region, where the environment doesn't say`;

/** The same for parseArgs. */
export const TABLE_OPTIONS = { stack: { type: 'string' }, region: { type: 'string' } } as const;

export interface OpenTable {
  table: Table;
  /** For people: the stack's name, or the data folder. */
  where: string;
  close: () => Promise<void>;
}

/** Opens the table of a deployed stack, or of the local chat, whether it runs or not. */
export async function openChatTable(stack?: string, region?: string): Promise<OpenTable> {
  return stack === undefined ? await openLocalTable() : await openDeployedTable(stack, region);
}

/** The local table: through the chat that runs on the folder, or by opening the folder. */
async function openLocalTable(): Promise<OpenTable> {
  const { dataFolder, dynamoEndpoint } = readLocalConfig();
  if (dynamoEndpoint) return at(await openRemote(dynamoEndpoint), dynamoEndpoint);
  const running = await claim(dataFolder);
  if (running?.dynamoEndpoint) return at(await openRemote(running.dynamoEndpoint), dataFolder);
  if (running) throw new Error(`Process ${running.pid} is starting on ${dataFolder}. Try again.`);
  const { table, where, close } = at(await openDatabase(dataFolder), dataFolder);
  return {
    ...{ table, where },
    async close() {
      await close();
      await withdraw(dataFolder);
    },
  };
}

const at = ({ table, close }: Database, where: string): OpenTable => ({ table, where, close });

async function openDeployedTable(stack: string, region: string | undefined): Promise<OpenTable> {
  const config = region === undefined ? {} : { region };
  const { Stacks = [] } = await new CloudFormationClient(config).send(
    new DescribeStacksCommand({ StackName: stack }),
  );
  const output = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'TableName');
  if (!output?.OutputValue) {
    throw new Error(`The stack ${stack} has no output TableName: is it one of Parlor's?`);
  }
  const table = openTable(output.OutputValue, config);
  return { table, where: `stack ${stack}`, close: async () => table.client.destroy() };
}
