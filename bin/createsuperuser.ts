import { parseArgs } from 'node:util';
import { dynamoAccountStore } from '../lambdas/aws/account-store.ts';
import { loginServices, moderationServices, systemClock } from '../lambdas/aws/services.ts';
import { type Credentials, register } from '../lambdas/chat/accounts.ts';
import { wholeText } from '../local/strict-text.ts';
import { askCredentials } from './ask-credentials.ts';
import { openChatTable, TABLE_OPTIONS, TABLE_USAGE } from './open-table.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run createsuperuser [-- options]

Creates an account whose owner may administer the chat. Asks for what the options don't say.

  --username NAME
  --password-stdin   read the password from standard input (for scripts)
  --password TEXT    the same on the command line, where other users of this machine can see it
${TABLE_USAGE}
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
      ...TABLE_OPTIONS,
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
    const text = await wholeText(process.stdin, { name: 'Standard input' });
    return { username, password: text.replace(/\r?\n$/, '') };
  }
  return await askCredentials({ username, password }, true);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    console.log(USAGE);
    return;
  }
  const credentials = await readCredentials(options);
  const { table, where, close } = await openChatTable(options.stack, options.region);
  try {
    const ports = {
      ...loginServices(table),
      ...moderationServices(table),
      accounts: dynamoAccountStore(table),
      clock: systemClock,
    };
    const { id, username } = await register(ports, credentials, { superuser: true });
    await ports.roster.enlist(id);
    console.log(`Superuser "${username}" created in ${where}.`);
  } finally {
    await close();
  }
}

await runScript(main);
