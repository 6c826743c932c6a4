import { describe, expect, test } from '@jest/globals';
import { putBehind } from '../../../bin/transfer/behind.ts';
import { type ArchiveRecord, archived, type Located } from '../../../bin/transfer/records.ts';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { memoryTable } from '../../../local/database.ts';
import { anEvent } from '../../fakes/samples.ts';

const ROOM = 'lobby';
const said = (seq: number, clientId: string) => anEvent({ room: ROOM, seq, clientId });
const event = (seq: number, clientId: string): ArchiveRecord => archived(said(seq, clientId));
const reply = (seq: number, clientId: string, replyTo: number): ArchiveRecord =>
  archived({ ...said(seq, clientId), payload: { content: 'yes', replyTo } });
const expired = (from: number, to: number): ArchiveRecord => ({
  record: 'expired',
  ...{ room: ROOM, from, to },
});

/** A room that holds these, by the ids that their sender gave them. */
async function aRoomWith(...clientIds: string[]) {
  const log = dynamoEventLog(memoryTable());
  for (const [index, clientId] of clientIds.entries()) await log.put(said(index + 1, clientId));
  return log;
}

async function* located(records: readonly ArchiveRecord[]): AsyncGenerator<Located> {
  for (const [index, record] of records.entries()) yield { record, place: `Line ${index + 1}` };
}

async function recordsBehind(log: EventLog, ...records: ArchiveRecord[]) {
  const all: ArchiveRecord[] = [];
  for await (const { record } of putBehind(log, located(records))) all.push(record);
  return all;
}

/** What comes of records, in short. */
async function behind(log: EventLog, ...records: ArchiveRecord[]) {
  return (await recordsBehind(log, ...records)).map((record) =>
    record.record === 'event'
      ? `${record.seq} ${record.clientId}`
      : record.record === 'expired'
        ? `gone ${record.from}-${record.to}`
        : record.record,
  );
}

describe('what is put behind a room', () => {
  test('is what it lacks, at the seqs that were given where they are free', async () => {
    const log = await aRoomWith('a', 'b');
    expect(await behind(log, event(1, 'a'), event(2, 'b'), event(3, 'c'))).toEqual(['3 c']);
  });

  test('gets the next seqs where others have its own, in its order', async () => {
    const log = await aRoomWith('a', 'b', 'c');
    const records = [event(1, 'a'), event(2, 'x'), event(3, 'y'), event(4, 'z')];
    expect(await behind(log, ...records)).toEqual(['4 x', '5 y', '6 z']);
  });

  test.each([
    ['that the room had', event(1, 'b'), 2],
    ['that was put behind it', event(1, 'x'), 4],
    ['that got its own seq', event(9, 'x'), 9],
  ])('answers the message %s, wherever that stands', async (_, answered, seq) => {
    const log = await aRoomWith('a', 'b', 'c');
    const records = [answered, reply(10, 'y', answered.record === 'event' ? answered.seq : 0)];
    expect((await recordsBehind(log, ...records)).at(-1)).toMatchObject({
      payload: { replyTo: seq },
    });
  });

  test('answers nothing where what it answered is gone', async () => {
    const records = [expired(1, 4), reply(5, 'y', 2)];
    const [last] = (await recordsBehind(await aRoomWith('a', 'b'), ...records)).slice(-1);
    expect(last).toMatchObject({ content: 'yes', payload: {} });
    expect(last).not.toHaveProperty('payload.replyTo');
  });

  test('is all of a room that is shorter than what it is put behind', async () => {
    const log = await aRoomWith('a', 'b', 'c', 'd');
    expect(await behind(log, event(1, 'x'), event(2, 'y'))).toEqual(['5 x', '6 y']);
  });

  test('leaves free what was given to messages that nobody has any more', async () => {
    const log = await aRoomWith('a', 'b');
    expect(await behind(log, expired(1, 5), event(6, 'f'))).toEqual(['gone 3-5', '6 f']);
  });

  test('takes nobody’s message for another’s, and a member as he comes', async () => {
    const log = await aRoomWith('a');
    const other: ArchiveRecord = { ...event(1, 'a'), userId: 'somebody else' } as ArchiveRecord;
    const member = { record: 'member', room: ROOM } as ArchiveRecord;
    expect(await behind(log, member, other, other)).toEqual(['member', '2 a']);
  });
});
