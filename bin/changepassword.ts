import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { dynamoAccountStore } from '../lambdas/aws/account-store.ts';
import { dynamoConnectionStore } from '../lambdas/aws/connection-store.ts';
import { loginServices, systemClock } from '../lambdas/aws/services.ts';
import { changePassword } from '../lambdas/chat/accounts.ts';
import { endConnections } from '../lambdas/chat/end-connections.ts';
import { askCredentials } from './ask-credentials.ts';
import { openChatTable, TABLE_OPTIONS, TABLE_USAGE } from './open-table.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run changepassword -- NAME [options]

Gives an account another password, and ends all its logins. Asks for the password unless it is told.

  --password-stdin   read the password from standard input (for scripts)
${TABLE_USAGE}
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'password-stdin': { type: 'boolean', default: false },
      ...TABLE_OPTIONS,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [username, ...more] = positionals;
  if (username === undefined || more.length > 0) throw new Error('Give one username. See --help.');
  const { password } = values['password-stdin']
    ? { password: (await text(process.stdin)).replace(/\r?\n$/, '') }
    : await askCredentials({ username }, true);
  const { table, where, close } = await openChatTable(values.stack, values.region);
  try {
    const accounts = dynamoAccountStore(table);
    const ports = { ...loginServices(table), accounts, clock: systemClock };
    const account = await changePassword(ports, username, password);
    const connections = dynamoConnectionStore(table);
    // A socket can't be closed from here. Once its rows are gone it gets nothing more, and its next
    // frame is answered `connection_gone`.
    const gateway = { close: async () => {} };
    await endConnections({ connections, gateway, clock: systemClock }, account.id);
    console.log(
      `"${account.username}" has a new password in ${where}. All earlier logins are over.`,
    );
  } finally {
    await close();
  }
}

await runScript(main);
