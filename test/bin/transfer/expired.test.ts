import { describe, expect, test } from '@jest/globals';
import { replay } from '../../../lambdas/chat/history.ts';
import { sendMessageAndWait } from '../../../lambdas/chat/send-message.ts';
import { anEvent } from '../../fakes/samples.ts';
import { aChat, type Chat, exported, fill, imported, messages } from './chats.ts';

describe('a room of which a part has expired', () => {
  /** The seqs 3, 4 and 7 of nine. */
  async function aRoom(): Promise<Chat> {
    const chat = aChat();
    await fill(
      chat.log,
      [3, 4, 7].map((seq) => anEvent({ seq })),
    );
    await chat.leases.noteHead('lobby', 9);
    return chat;
  }

  const seqsIn = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ record, room, seq, from, to }) =>
        record === 'event' ? seq : { record, room, from, to },
      );
  const expired = (from: number, to: number) => ({ record: 'expired', room: 'lobby', from, to });

  test('is exported with what is missing', async () => {
    const chat = await aRoom();
    const all = [expired(1, 2), 3, 4, expired(5, 6), 7, expired(8, 9)];
    expect(seqsIn(await exported(chat))).toEqual(all);
    expect(seqsIn(await exported(chat, 'lobby', 5))).toEqual([expired(6, 6), 7, expired(8, 9)]);
  });

  test('is the same room after an import, and after another', async () => {
    const [from, to] = [await aRoom(), aChat()];
    const text = await exported(from);
    expect(await imported(to, text)).toMatchObject({ events: 3, records: 3 });
    expect(await exported(to)).toBe(text);
    expect(await imported(to, text)).toMatchObject({ events: 0, records: 3 });
    expect(await exported(to)).toBe(text);
  });

  test('goes on behind all that it ever was, and tells who was away what is kept', async () => {
    const [from, to] = [await aRoom(), aChat()];
    await imported(to, await exported(from));
    await expect(replay(to.log, 'lobby', 1, 9)).rejects.toMatchObject({
      code: 'after_expired',
      details: { body: { firstKept: 3 } },
    });
    const { event } = await sendMessageAndWait(to, {
      room: 'lobby',
      userId: 'alice',
      sender: 'Alice',
      content: 'new',
    });
    expect(event.seq).toBe(10);
  });

  test('can be one of which nothing is left but its head', async () => {
    const [from, to] = [aChat(), aChat()];
    await from.leases.noteHead('lobby', 5);
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
    const [from, to] = [await aRoom(), aChat()];
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
    const [from, to] = [await aRoom(), aChat()];
    const { noteHead } = to.leases;
    to.leases.noteHead = async (...given) => {
      await to.log.put(anEvent({ seq: 1, content: 'me first' }));
      await noteHead(...given);
    };
    await expect(imported(to, await exported(from))).rejects.toThrow('Somebody wrote to the room');
    expect((await to.log.readForward('lobby', 0, 9)).map(({ seq }) => seq)).toEqual([1]);
  });
});
