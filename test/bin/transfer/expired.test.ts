import { describe, expect, test } from '@jest/globals';
import { importRecords } from '../../../bin/transfer/import-records.ts';
import { leaveOutOld } from '../../../bin/transfer/leave-out-old.ts';
import { replay } from '../../../lambdas/chat/history.ts';
import { publishAndWait } from '../../../lambdas/chat/publish.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anEnd, anEvent, atMost, said } from '../../fakes/samples.ts';
import { aChat, type Chat, exported, fill, imported, located, messages } from './chats.ts';

const seqsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ record, room, seq, from, to }) =>
      record === 'event' ? seq : { record, room, from, to },
    );

const expired = (from: number, to: number) => ({ record: 'expired', room: 'lobby', from, to });

describe('a room of which a part has expired', () => {
  /** Long after the first message: events expire after a day at the soonest. */
  function aLaterChat(): Chat {
    const chat = aChat();
    chat.clock.advance(24 * 60 * 60 * 1_000);
    return chat;
  }

  /** The seqs 3, 4 and 7 of nine. */
  async function aRoom(): Promise<Chat> {
    const chat = aLaterChat();
    await fill(
      chat.log,
      [3, 4, 7].map((seq) => anEvent({ seq })),
    );
    await chat.leases.noteHead('lobby', anEnd(9));
    return chat;
  }

  test('is exported with what is missing', async () => {
    const chat = await aRoom();
    const all = [expired(1, 2), 3, 4, expired(5, 6), 7, expired(8, 9)];
    expect(seqsIn(await exported(chat))).toEqual(all);
    expect(seqsIn(await exported(chat, 'lobby', 5))).toEqual([expired(6, 6), 7, expired(8, 9)]);
  });

  test('is the same room after an import, and after another', async () => {
    const [from, to] = [await aRoom(), aLaterChat()];
    const text = await exported(from);
    expect(await imported(to, text)).toMatchObject({ events: 3, records: 3 });
    expect(await exported(to)).toBe(text);
    expect(await imported(to, text)).toMatchObject({ events: 0, records: 3 });
    expect(await exported(to)).toBe(text);
  });

  test('goes on behind all that it ever was, and tells who was away what is kept', async () => {
    const [from, to] = [await aRoom(), aLaterChat()];
    await imported(to, await exported(from));
    await expect(replay(to, 'lobby', 1, atMost(9))).rejects.toMatchObject({
      code: 'after_expired',
      details: { body: { firstKept: 3 } },
    });
    const { event } = await publishAndWait(to, {
      room: 'lobby',
      userId: 'alice',
      sender: 'Alice',
      ...said('new'),
    });
    expect(event.seq).toBe(10);
  });

  test('can be one of which nothing is left but its head', async () => {
    const [from, to] = [aChat(), aChat()];
    await from.leases.noteHead('lobby', anEnd(5));
    const text = await exported(from);
    expect(seqsIn(text)).toEqual([expired(1, 5)]);
    await imported(to, text);
    expect((await to.log.head('lobby')).seq).toBe(5);
  });

  test('goes behind an export that ended before', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(4));
    await imported(to, await exported(from));
    await from.log.put(anEvent({ seq: 7 }));
    expect(await imported(to, await exported(from, 'lobby', 4))).toMatchObject({ events: 1 });
    expect(await exported(to)).toBe(await exported(from));
  });

  test('is not joined to a room that may be another', async () => {
    const [from, to] = [await aRoom(), aLaterChat()];
    await fill(to.log, messages(1));
    await expect(imported(to, await exported(from))).rejects.toThrow(
      "Line 1: The room lobby ends at seq 1, and what was exported had expired up to seq 2: whether it is the same room can't be told.",
    );
    await expect(imported(aChat(), await exported(from, 'lobby', 5))).rejects.toThrow(
      'Line 1: The room lobby ends at seq 0, and this goes on at 6.',
    );
    expect((await to.log.head('lobby')).seq).toBe(1);
  });

  test('is left alone when somebody writes to it meanwhile', async () => {
    const [from, to] = [await aRoom(), aLaterChat()];
    const { noteHead } = to.leases;
    to.leases.noteHead = async (...given) => {
      await to.log.put(anEvent({ seq: 1, content: 'me first' }));
      await noteHead(...given);
    };
    await expect(imported(to, await exported(from))).rejects.toThrow('Somebody wrote to the room');
    expect((await to.log.readForward('lobby', 0, 9)).map(({ seq }) => seq)).toEqual([1]);
  });
});

describe('an import that keeps messages for a day', () => {
  const HOUR = 60 * 60 * 1_000;
  const aDaysChat = () => ({ ...aChat({ historyRetentionDays: 1 }), expiring: true });
  const saidAt = (...hours: number[]) =>
    hours.map((hour, n) => anEvent({ seq: n + 1, at: START + hour * HOUR }));

  /** As on a day after START. */
  async function importedTo(to: Chat, text: string) {
    return await importRecords(to, leaveOutOld(located(text), to.clock.now() - 24 * HOUR));
  }

  test('leaves out what is older, and takes up where that ended', async () => {
    const [from, to] = [aChat(), aDaysChat()];
    await fill(from.log, saidAt(-30, -29, -1, 0));
    await fill(
      from.log,
      saidAt(-30, 0).map((event) => ({ ...event, room: 'other' })),
    );
    const text = (await exported(from)) + (await exported(from, 'other'));
    expect(await importedTo(to, text)).toMatchObject({ events: 3 });
    expect(seqsIn(await exported(to))).toEqual([expired(1, 2), 3, 4]);
    expect(seqsIn(await exported(to, 'other'))).toEqual([{ ...expired(1, 1), room: 'other' }, 2]);
  });

  test('can leave out all of a room', async () => {
    const [from, to] = [aChat(), aDaysChat()];
    await fill(from.log, saidAt(-30, -29));
    await importedTo(to, await exported(from));
    expect(seqsIn(await exported(to))).toEqual([expired(1, 2)]);
  });

  test('lets nothing expire more than an hour before its time', async () => {
    const [from, to] = [aChat(), aDaysChat()];
    await fill(from.log, saidAt(-5, -4.5, -4, -3.9, -3));
    await importedTo(to, await exported(from));
    to.clock.advance(24 * HOUR - 4.5 * HOUR);
    expect(seqsIn(await exported(to))).toEqual([expired(1, 3), 4, 5]);
  });

  test('is done again in vain when some of it has expired meanwhile', async () => {
    const [from, to] = [aChat(), aDaysChat()];
    await fill(from.log, saidAt(-3, 0));
    const text = await exported(from);
    await imported(to, text);
    to.clock.advance(22 * HOUR);
    const there = await exported(to);
    expect(seqsIn(there)).toEqual([expired(1, 1), 2]);
    expect(await imported(to, text)).toMatchObject({ events: 0, gone: 1, records: 2 });
    expect(await exported(to)).toBe(there);
  });
});
