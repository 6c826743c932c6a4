import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoAccountStore } from '../lambdas/aws/account-store.ts';
import { openTable } from '../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../lambdas/aws/lease-store.ts';
import { systemClock, systemRandom } from '../lambdas/aws/services.ts';
import { roomsOf } from '../lambdas/aws/table-scan.ts';
import { contentProblem } from '../protocol/content.ts';
import { usernameKey } from '../protocol/names.ts';
import { adoptTable } from './adopt/adopt-table.ts';
import { markRooms } from './adopt/mark-rooms.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run adopt -- --table NAME [options]

Makes a table that was restored fit for the chat: a restore brings the items and the index, and leaves
out the stream, expiry, point-in-time recovery and the protection from deletion. Prints the setting by
which npm run deploy takes it. It can be run again, as often as you like.

  --table NAME     the restored table
  --region NAME    its region, where the environment doesn't say

Once, before the chat uses it, and only where something was said after the backup was made:

  --say TEXT       says this in each room, as the newest message, behind seqs that are given to nobody:
                   clients that saw what is lost then begin anew. Reads the whole table once
  --as NAME        the account that says it
  --gap NUMBER     how many seqs are passed over: more than any room has lost. Default: 10000
`;

interface Options {
  table: string;
  region: string | undefined;
  mark: { content: string; username: string; gap: number } | undefined;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      table: { type: 'string' },
      region: { type: 'string' },
      say: { type: 'string' },
      as: { type: 'string' },
      gap: { type: 'string', default: '10000' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { table, region, say: content, as: username } = values;
  if (table === undefined) throw new Error(`Say which table: --table NAME.\n\n${USAGE}`);
  if ((content === undefined) !== (username === undefined)) {
    throw new Error('--say and --as go together.');
  }
  if (content === undefined || username === undefined) return { table, region, mark: undefined };
  const problem = contentProblem(content);
  if (problem) throw new Error(`--say: ${problem.message}`);
  const gap = /^[1-9]\d{0,8}$/.test(values.gap) ? Number(values.gap) : 0;
  if (gap === 0) throw new Error('--gap takes a whole number of seqs, like 10000.');
  return { table, region, mark: { content, username, gap } };
}

async function adopt({ table: name, region, mark }: Options): Promise<void> {
  const config = region === undefined ? {} : { region };
  const streamArn = await adoptTable(new DynamoDBClient(config), name);
  if (mark) {
    const table = openTable(name, config);
    const by = await dynamoAccountStore(table).find(usernameKey(mark.username));
    if (!by) throw new Error(`${name} has no account "${mark.username}".`);
    const ports = {
      log: dynamoEventLog(table),
      leases: dynamoLeaseStore(table),
      clock: systemClock,
      random: systemRandom,
    };
    const rooms = await markRooms(ports, roomsOf(table), { ...mark, by });
    console.log(`Said in ${rooms} rooms that they were restored.`);
  }
  console.log(`${name} is ready. Deploy with\n\n  -c table=${streamArn}`);
}

await runScript(async () => {
  const options = readOptions();
  if (options === 'help') console.log(USAGE);
  else await adopt(options);
});
