import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { Table } from '../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../lambdas/aws/event-log.ts';
import { dynamoRoomMembers } from '../lambdas/aws/room-members.ts';
import { systemClock } from '../lambdas/aws/services.ts';
import { accountsOf, roomsOf } from '../lambdas/aws/table-scan.ts';
import { isCode } from '../local/error-code.ts';
import { parseRoomName } from '../protocol/names.ts';
import { openChatTable, TABLE_OPTIONS, TABLE_USAGE } from './open-table.ts';
import { runScript } from './run-script.ts';
import { accountRecords, roomRecords } from './transfer/export-records.ts';
import { inChunks } from './transfer/lines.ts';
import { everySecond } from './transfer/progress.ts';
import { type ArchiveRecord, toLine } from './transfer/records.ts';

const USAGE = `npm run --silent export -- --room NAME [options]

Writes a chat as JSON Lines, for keeping or for npm run import. Progress goes to standard error.

  --room NAME        a room: its members and its events, oldest first; repeat it for several
  --all              every room; finding them reads the whole table once
  --accounts         the accounts, without password hashes; finding them reads the whole table once
  --with-hashes      with them: who has the file can try passwords as fast as he can pay for
  --after SEQ        of one room only the events after this seq: goes on where another export ended
  --out FILE         to a file, which must be new (with --after it may be the one to go on with);
                     without it to standard output
${TABLE_USAGE}
`;

interface Options {
  rooms: readonly string[] | 'all';
  accounts: boolean;
  withHashes: boolean;
  after: number;
  out: string | undefined;
  stack: string | undefined;
  region: string | undefined;
}

function readOptions(): Options | 'help' {
  const { values } = parseArgs({
    options: {
      ...TABLE_OPTIONS,
      room: { type: 'string', multiple: true, default: [] },
      all: { type: 'boolean', default: false },
      accounts: { type: 'boolean', default: false },
      'with-hashes': { type: 'boolean', default: false },
      after: { type: 'string', default: '0' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const { room, all, accounts, out, stack, region, 'with-hashes': withHashes } = values;
  if (room.length === 0 && !all && !accounts) {
    throw new Error('Say what to export: --room NAME, --all or --accounts.');
  }
  if (room.length > 0 && all) throw new Error('Say --room or --all, not both.');
  if (withHashes && !accounts) throw new Error('--with-hashes wants --accounts beside it.');
  const after = /^\d{1,15}$/.test(values.after) ? Number(values.after) : Number.NaN;
  if (Number.isNaN(after)) throw new Error('--after takes a seq: a whole number, like 1200.');
  if (after > 0 && (room.length !== 1 || accounts)) {
    throw new Error('--after goes with one --room, and nothing else.');
  }
  const rooms = all ? 'all' : room.map(parseRoomName);
  return { rooms, accounts, withHashes, after, out, stack, region };
}

/** Accounts first, then room after room. */
async function* records(table: Table, options: Options): AsyncGenerator<ArchiveRecord> {
  if (options.accounts) yield* accountRecords(accountsOf(table), options.withHashes);
  const ports = {
    log: dynamoEventLog(table),
    members: dynamoRoomMembers(table),
    progress: everySecond(systemClock, console.error),
  };
  const rooms = options.rooms === 'all' ? roomsOf(table) : options.rooms;
  for await (const room of rooms) {
    console.error(`${room} ...`);
    yield* roomRecords(ports, room, options.after);
  }
}

async function openOutput({ out, after }: Options): Promise<NodeJS.WritableStream> {
  if (out === undefined) return process.stdout;
  if (after > 0) await checkWhole(out);
  const file = createWriteStream(out, { flags: after > 0 ? 'a' : 'wx', mode: 0o600 });
  await new Promise<void>((done, failed) => {
    file.once('open', () => done());
    file.once('error', failed);
  }).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error;
    throw new Error(`${out} is there already. Name another file, or go on with it by --after.`);
  });
  return file;
}

/** An export that was killed may have left half a line, to which nothing must be joined. */
async function checkWhole(path: string): Promise<void> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return;
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
    if (size === 0 || buffer.toString() === '\n') return;
    throw new Error(
      `The last line of ${path} is cut short. Delete it, and go on after the line before.`,
    );
  } finally {
    await file.close();
  }
}

async function exportChat(options: Options): Promise<void> {
  const { table, where, close } = await openChatTable(options.stack, options.region);
  let last: ArchiveRecord | undefined;
  let count = 0;
  async function* lines() {
    for await (const record of records(table, options)) {
      yield toLine(record);
      last = record;
      count++;
    }
  }
  try {
    const output = await openOutput(options);
    await pipeline(Readable.from(inChunks(lines())), output, { end: output !== process.stdout });
    console.error(`${count} records exported from ${where}.`);
  } catch (error) {
    // Whoever reads has seen enough, like `head`.
    if (isCode(error, 'EPIPE')) return;
    if (last?.record === 'event') {
      console.error(
        `It came to seq ${last.seq} of ${last.room}, or a little less: see the last line.`,
      );
    }
    throw error;
  } finally {
    await close();
  }
}

await runScript(async () => {
  const options = readOptions();
  if (options === 'help') console.log(USAGE);
  else await exportChat(options);
});
