import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { KINDS } from '../features/kinds.ts';
import { lookAlikes } from '../lambdas/auth/look-alikes.ts';
import { ISSUER_NAME } from '../lambdas/auth/parse-issuers.ts';
import { dynamoAccountStore } from '../lambdas/aws/account-store.ts';
import type { Table } from '../lambdas/aws/dynamo.ts';
import { RETENTION_DAYS } from '../lambdas/aws/environment.ts';
import { dynamoEventLog } from '../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../lambdas/aws/lease-store.ts';
import { dynamoOverlayStore } from '../lambdas/aws/overlay-store.ts';
import { dynamoRoomMembers } from '../lambdas/aws/room-members.ts';
import { systemClock, systemRandom } from '../lambdas/aws/services.ts';
import { strictText } from '../local/strict-text.ts';
import { safeText } from './chat/safe-text.ts';
import { readDjango } from './django/read-django.ts';
import { openChatTable, TABLE_OPTIONS, TABLE_USAGE } from './open-table.ts';
import { runScript } from './run-script.ts';
import { putBehind } from './transfer/behind.ts';
import { type ImportPorts, importRecords } from './transfer/import-records.ts';
import { leaveOutOld } from './transfer/leave-out-old.ts';
import { linesOf } from './transfer/lines.ts';
import { everySecond } from './transfer/progress.ts';
import { type Located, parseRecord } from './transfer/records.ts';

const USAGE = `npm run import -- FILE.jsonl [options]
npm run import -- --django db.sqlite3 [options]
npm run import -- --django dump.json [options]

Brings a chat in: from npm run export ("-" reads standard input), or from the Django chat, as its
SQLite file or as "manage.py dumpdata" wrote it. What is there already stays as it is, so that an
import can be run again, also after a failure. A room must be empty, or begin like the file's.
Keep people out of the rooms meanwhile.

  --keep-days NUMBER      keep each message for so many days after it was said, as historyRetentionDays
                          does; older ones are left out. Default: for ever
  --behind                of an export: leaves out what a room has, and puts the rest behind it, where
                          others have its seqs under new ones. For a room that went on without messages
                          which were restored since
  --check                 of the Django chat: say what can't be brought in, and write nothing
  --skip-problems         bring in the rest; messages of users who are left out keep their names
  --encoding NAME         of a dump that is not UTF-8, like windows-1252
  --issuer NAME           users may come with the Django project's own tokens, too, and find their
                          account: the name that the project has among the chat's issuers
  --users-table NAME      default: auth_user
  --username-field NAME   the users' column by which they log in, like email; everybody sees it as
                          their name. Default: username
  --messages-table NAME   default: chat_message
  --rooms-table NAME      default: chat_room; read only where messages point to rooms
  --room-names            messages hold their room's name, also where it looks like a key
  --column FIELD=NAME     the messages' column of a field: sender, room, content or timestamp;
                          repeat it for several. Usual names are found without it
${TABLE_USAGE}
`;

const DAY_MS = 24 * 60 * 60 * 1_000;

type Options = ReturnType<typeof readOptions>;

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...TABLE_OPTIONS,
      django: { type: 'string' },
      'keep-days': { type: 'string' },
      behind: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      'skip-problems': { type: 'boolean', default: false },
      encoding: { type: 'string' },
      'username-field': { type: 'string', default: 'username' },
      'room-names': { type: 'boolean', default: false },
      issuer: { type: 'string' },
      'users-table': { type: 'string', default: 'auth_user' },
      'messages-table': { type: 'string', default: 'chat_message' },
      'rooms-table': { type: 'string', default: 'chat_room' },
      column: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const sources = positionals.length + (values.django === undefined ? 0 : 1);
  if (!values.help && sources !== 1) {
    throw new Error('Name one file: FILE.jsonl, or --django FILE.');
  }
  const lost = DJANGO_ONLY.find((option) => values[option]);
  if (lost && !values.help && values.django === undefined)
    throw new Error(`--${lost} goes with --django.`);
  if (values.behind && values.django !== undefined) {
    throw new Error(
      '--behind goes with an export. The Django chat is known by its keys: leave it out.',
    );
  }
  if (values.encoding !== undefined) checkEncoding(values.encoding);
  if (values.issuer !== undefined) checkIssuer(values.issuer, values.django);
  const { 'keep-days': keepDays, ...others } = values;
  return {
    ...others,
    keptMs: keepDays === undefined ? undefined : DAY_MS * readDays(keepDays),
    file: positionals[0],
  };
}

/** Options that say nothing of an export. */
const DJANGO_ONLY = ['check', 'skip-problems', 'encoding', 'room-names'] as const;

/** @throws Error for what TextDecoder doesn't know */
function checkEncoding(name: string): void {
  try {
    new TextDecoder(name, { fatal: true });
  } catch {
    throw new Error(
      `--encoding ${name} is not known. Take a name of the WHATWG's, like utf-16le, windows-1252, windows-1251, iso-8859-15, koi8-r, shift_jis, gb18030, big5 or euc-kr.`,
    );
  }
}

function checkIssuer(name: string, django: string | undefined): void {
  if (django === undefined) throw new Error('--issuer goes with --django.');
  if (ISSUER_NAME.test(name)) return;
  throw new Error(
    `--issuer ${name} can't name an issuer. Take the name that stands in PARLOR_ISSUERS, or in -c issuers.`,
  );
}

function readDays(text: string): number {
  const { least, most } = RETENTION_DAYS;
  const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days >= least && days <= most) return days;
  throw new Error(`--keep-days takes a number of days from ${least} to ${most}.`);
}

async function* recordsIn(file: string): AsyncGenerator<Located> {
  const fromInput = file === '-';
  const text = strictText(fromInput ? process.stdin : createReadStream(file), {
    name: fromInput ? 'Standard input' : file,
    hint: 'What npm run export writes is UTF-8: something changed it on its way. Export again.',
  });
  let number = 0;
  for await (const line of linesOf(text)) {
    const place = `Line ${++number}`;
    if (line !== '') yield { record: parseRecord(line, place), place };
  }
}

function recordsFor({ log }: ImportPorts, { file = '', behind }: Options) {
  return behind ? putBehind(log, recordsIn(file)) : recordsIn(file);
}

/** The ports of the chat that is written to. */
function portsOf(table: Table, keptMs: number | undefined): ImportPorts {
  return {
    log: dynamoEventLog(table, { retentionMs: keptMs }),
    expiring: keptMs !== undefined,
    leases: dynamoLeaseStore(table),
    overlays: dynamoOverlayStore(table, { retentionMs: keptMs }),
    kinds: KINDS,
    accounts: dynamoAccountStore(table),
    looks: lookAlikes,
    members: dynamoRoomMembers(table),
    clock: systemClock,
    random: systemRandom,
    progress: everySecond(systemClock, console.error),
  };
}

async function importFrom(options: Options, table: Table, where: string): Promise<void> {
  const { django, keptMs } = options;
  const ports = portsOf(table, keptMs);
  const source =
    django === undefined
      ? { records: recordsFor(ports, options), close: async () => {} }
      : await readDjango(django, ports.accounts, {
          tables: {
            users: options['users-table'],
            messages: options['messages-table'],
            rooms: options['rooms-table'],
            usernameField: options['username-field'],
            roomNames: options['room-names'],
          },
          columns: options.column,
          encoding: options.encoding,
          issuer: options.issuer,
          skipProblems: options['skip-problems'],
          checkOnly: options.check,
          say: (line) => console.error(safeText(line)),
        });
  if (!source) return;
  try {
    const {
      accounts,
      members,
      events,
      links = 0,
      gone,
      records,
    } = await importRecords(
      ports,
      keptMs === undefined ? source.records : leaveOutOld(source.records, Date.now() - keptMs),
    );
    const there = records - accounts - members - events - links - gone;
    console.log(
      `Imported into ${where}: ${accounts} accounts, ${members} memberships, ${events} messages. ${there} of ${records} records were there already.`,
    );
    if (links > 0) {
      console.log(`${links} users of another issuer now have the accounts that they had.`);
    }
    if (gone > 0) {
      console.log(
        `${gone} messages were there once and are gone: they have expired, or were deleted. They stay away; to bring them back, see "Restore" in docs/operations.md.`,
      );
    }
  } finally {
    await source.close();
  }
}

await runScript(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const { table, where, close } = await openChatTable(options.stack, options.region);
  try {
    await importFrom(options, table, where);
  } finally {
    await close();
  }
});
