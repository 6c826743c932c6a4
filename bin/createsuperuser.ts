import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { dynamoAccountStore } from '../lambdas/aws/account-store.ts';
import { readLocalConfig } from '../lambdas/aws/config.ts';
import { openTable, type Table } from '../lambdas/aws/dynamo.ts';
import { loginServices, systemClock } from '../lambdas/aws/services.ts';
import { type Credentials, register } from '../lambdas/chat/accounts.ts';
import { ensureTable, LOCAL_TABLE, localDynamo, openDatabase } from '../local/database.ts';
import { claim, withdraw } from '../local/running.ts';
import { openPrompt } from './prompt.ts';

const USAGE = `npm run createsuperuser [-- options]

Creates an account whose owner may administer the chat. Asks for what the options don't say.

  --username NAME
  --password-stdin   read the password from standard input (for scripts)
  --password TEXT    the same on the command line, where other users of this machine can see it
  --stack NAME       in a deployed stack, with the AWS credentials of the environment;
                     without it in the local data folder (PARLOR_DATA, else .parlor)
  --region NAME      the stack's region, where the environment doesn't say
`;

interface Options {
  username: string | undefined;
  password: string | undefined;
  passwordFromInput: boolean;
  stack: string | undefined;
  region: string | undefined;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      username: { type: 'string' },
      password: { type: 'string' },
      'password-stdin': { type: 'boolean', default: false },
      stack: { type: 'string' },
      region: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    username: values.username,
    password: values.password,
    passwordFromInput: values['password-stdin'],
    stack: values.stack,
    region: values.region,
  };
}

async function readCredentials(options: Options): Promise<Credentials> {
  const { username, password, passwordFromInput } = options;
  if (passwordFromInput) {
    if (username === undefined) throw new Error('--password-stdin wants --username beside it.');
    return { username, password: (await text(process.stdin)).replace(/\r?\n$/, '') };
  }
  if (username !== undefined && password !== undefined) return { username, password };
  return await askFor(username, password);
}

async function askFor(
  username: string | undefined,
  password: string | undefined,
): Promise<Credentials> {
  const prompt = openPrompt();
  try {
    const name = username ?? (await prompt.ask('Username: '));
    if (password !== undefined) return { username: name, password };
    const first = await prompt.askHidden('Password: ');
    if ((await prompt.askHidden('Password (again): ')) !== first) {
      throw new Error("The passwords didn't match. Try again.");
    }
    return { username: name, password: first };
  } finally {
    prompt.close();
  }
}

interface OpenTable {
  table: Table;
  where: string;
  close: () => Promise<void>;
}

/** The local table: through the chat that runs on the folder, or by opening the folder. */
async function openLocalTable(): Promise<OpenTable> {
  const { dataFolder, dynamoEndpoint } = readLocalConfig();
  if (dynamoEndpoint) return await openTableAt(dynamoEndpoint, dynamoEndpoint);
  const running = await claim(dataFolder);
  if (running?.dynamoEndpoint) return await openTableAt(running.dynamoEndpoint, dataFolder);
  if (running) throw new Error(`Process ${running.pid} is starting on ${dataFolder}. Try again.`);
  const database = await openDatabase(join(dataFolder, 'database'));
  return await openTableAt(database.endpoint, dataFolder, async () => {
    await database.close();
    await withdraw(dataFolder);
  });
}

async function openTableAt(
  endpoint: string,
  where: string,
  afterwards: () => Promise<void> = async () => {},
): Promise<OpenTable> {
  await ensureTable(endpoint);
  const table = openTable(LOCAL_TABLE, localDynamo(endpoint));
  const close = async () => {
    table.client.destroy();
    await afterwards();
  };
  return { table, where, close };
}

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

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const credentials = await readCredentials(options);
  const { table, where, close } = options.stack
    ? await openDeployedTable(options.stack, options.region)
    : await openLocalTable();
  try {
    const ports = {
      ...loginServices(table),
      accounts: dynamoAccountStore(table),
      clock: systemClock,
    };
    const { username } = await register(ports, credentials, { superuser: true });
    console.log(`Superuser "${username}" created in ${where}.`);
  } finally {
    await close();
  }
}

await main().catch((error: unknown) => {
  const problem = error instanceof Error ? error.message : String(error);
  const hint = problem === 'Region is missing' ? '. Give --region or set AWS_REGION.' : '';
  console.error(`Error: ${problem}${hint}`);
  process.exit(1);
});
