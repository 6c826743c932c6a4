import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { markRooms } from '../../bin/adopt/mark-rooms.ts';
import type { Timing } from '../../client/options.ts';
import { connect } from '../../client/parlor.ts';
import type { Message, Parlor, Room } from '../../client/types.ts';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { openTable } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { systemClock, systemRandom } from '../../lambdas/aws/services.ts';
import { roomsOf } from '../../lambdas/aws/table-scan.ts';
import { LOCAL_TABLE, localDynamo } from '../../local/database.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { runScript } from '../bin/scripts.ts';
import { cheapHasher } from '../fakes/cheap-hasher.ts';
import { PASSWORD, post, signUp } from './chat-client.ts';

const HASTY: Partial<Timing> = {
  heartbeat: 400,
  answer: 800,
  ack: 600,
  backoffMin: 20,
  backoffMax: 100,
  patience: 100,
};

interface Reader {
  chat: Parlor;
  room: Room;
  /** What the application was told of, in order: `seq content`, or a reset. */
  told: string[];
}

let home: string;
let stack: Stack;
let readers: Reader[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'parlor-restore-'));
  readers = [];
  stack = await start('lost');
  for (const name of ['anna', 'bela']) await signUp(stack.url, name);
});
afterEach(async () => {
  for (const { chat } of readers) await chat.close();
  await stack.close();
  await rm(home, { recursive: true, force: true });
});

const start = (folder: string, port = 0) =>
  startStack({
    ...{ port, settings: DEFAULT_SETTINGS, hasher: cheapHasher() },
    dataFolder: join(home, folder),
  });

/** The chat is gone, and another one answers where it was: from here on `stack`. */
async function replaceBy(folder: string): Promise<void> {
  const port = Number(new URL(stack.url).port);
  await stack.close();
  stack = await start(folder, port);
}

async function logIn(username: string): Promise<string> {
  const answer = await post(stack.url, '/api/token/', { username, password: PASSWORD });
  return ((await answer.json()) as { access: string }).access;
}

function read(name: string): Reader {
  const token = () => logIn(name);
  const chat = connect({ url: stack.url, token, username: name, timing: HASTY });
  const room = chat.room('hall', { after: 0 });
  const told: string[] = [];
  room.on('message', ({ seq, content }: Message) => told.push(`${seq} ${content}`));
  room.on('reset', ({ reason, upTo }) => told.push(`${reason} ${upTo}`));
  const reader = { chat, room, told };
  readers.push(reader);
  return reader;
}

/** @throws Error when it is not told of so much in time */
async function until({ room, told }: Reader, last: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => told.at(-1) === last && room.state.status === 'live' && resolve();
  const offs = [room.on('state', look), room.on('message', look)];
  look();
  const timer = setTimeout(resolve, 15_000);
  await promise;
  clearTimeout(timer);
  for (const off of offs) off();
  expect(told.at(-1)).toBe(last);
}

/** Told of, or among what its order began anew with. */
async function untilShown({ room }: Reader, content: string): Promise<void> {
  const isShown = () => room.state.status === 'live' && room.state.lastMessage?.content === content;
  const { promise, resolve } = Promise.withResolvers<void>();
  const off = room.on('state', () => isShown() && resolve());
  if (isShown()) resolve();
  await promise;
  off();
}

describe('a client of a chat that was restored', () => {
  test('goes on with the seqs that it has where all was exported and imported', async () => {
    const [anna, bela] = [read('anna'), read('bela')];
    for (const content of ['one', 'two', 'three']) await anna.room.send(content);
    await Promise.all([until(anna, '3 three'), until(bela, '3 three')]);
    const file = join(home, 'chat.jsonl');
    const env = (folder: string) => ({ PARLOR_DATA: join(home, folder) });
    const all = ['--all', '--accounts', '--with-hashes', '--out', file];
    expect(await runScript('export.ts', all, env('lost'))).toMatchObject({ code: 0 });
    expect(await runScript('import.ts', [file], env('again'))).toMatchObject({ code: 0 });

    await replaceBy('again');
    await anna.room.send('four');
    await Promise.all([until(anna, '4 four'), until(bela, '4 four')]);
    for (const { told } of [anna, bela])
      expect(told).toEqual(['1 one', '2 two', '3 three', '4 four']);
  });

  test('begins anew where the newest that it has is not in the backup, and loses nothing of its own', async () => {
    const [anna, bela] = [read('anna'), read('bela')];
    await anna.room.send('one');
    await Promise.all([until(anna, '1 one'), until(bela, '1 one')]);
    await backUp();
    for (const content of ['two', 'three']) await anna.room.send(content);
    await Promise.all([until(anna, '3 three'), until(bela, '3 three')]);

    await stack.close();
    const unsent = bela.room.send('written meanwhile');
    stack = await start('restored', Number(new URL(stack.url).port));
    expect(await unsent).toMatchObject({ seq: 2 });
    await Promise.all([until(bela, '2 written meanwhile'), untilShown(anna, 'written meanwhile')]);
    const before = ['1 one', '2 two', '3 three'];
    expect(bela.told).toEqual([...before, 'foreign 1', '2 written meanwhile']);
    // She may come back before it is stored, or after.
    expect([
      [...before, 'foreign 1', '2 written meanwhile'],
      [...before, 'foreign 2'],
    ]).toContainEqual(anna.told);
  });

  test('sees all that was said since, also where as much was said as was lost, behind the mark', async () => {
    const [anna, bela] = [read('anna'), read('bela')];
    await anna.room.send('one');
    await backUp();
    await anna.room.send('two');
    await Promise.all([until(anna, '2 two'), until(bela, '2 two')]);
    const port = Number(new URL(stack.url).port);
    await stack.close();
    // At another address, so that somebody else is there first.
    stack = await start('restored');
    const { table, ports } = portsOf(stack);
    const by = { id: 'anna', username: 'anna' };
    expect(await markRooms(ports, roomsOf(table), { by, content: 'restored', gap: 100 })).toBe(1);
    table.client.destroy();
    const headers = { authorization: `Bearer ${await logIn('anna')}` };
    await post(stack.url, '/api/rooms/hall/messages/', { content: 'another two' }, headers);
    await stack.close();
    stack = await start('restored', port);
    await Promise.all([until(anna, '103 another two'), until(bela, '103 another two')]);
    for (const { told } of [anna, bela]) {
      expect(told).toEqual([
        ...['1 one', '2 two'],
        ...['expired 101', '102 restored', '103 another two'],
      ]);
    }
  });
});

/** As point-in-time recovery does: the whole table as it is now, and the secret. */
async function backUp(): Promise<void> {
  const port = Number(new URL(stack.url).port);
  await stack.close();
  await cp(join(home, 'lost'), join(home, 'restored'), { recursive: true });
  stack = await start('lost', port);
}

function portsOf({ dynamoEndpoint }: Stack) {
  const table = openTable(LOCAL_TABLE, localDynamo(dynamoEndpoint));
  const ports = {
    log: dynamoEventLog(table),
    leases: dynamoLeaseStore(table),
    clock: systemClock,
    random: systemRandom,
  };
  return { table, ports };
}
