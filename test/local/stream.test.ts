import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoInbox } from '../../lambdas/aws/inbox.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import type { StreamAnswer, StreamEvent } from '../../lambdas/edge/audit.ts';
import { memoryTable } from '../../local/database.ts';
import { Stream } from '../../local/stream.ts';
import { Workers } from '../../local/workers.ts';
import { anEvent, said } from '../fakes/samples.ts';

const WINDOW_MS = 5_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** A stream whose audit finds these rooms behind when it looks. */
function aStream() {
  const workers = new Workers();
  const batches: string[][] = [];
  const behind: string[] = [];
  const audit = async ({ Records }: StreamEvent): Promise<StreamAnswer> => {
    const rooms = Records.map(
      ({ dynamodb }) => keys.sighting(dynamodb?.Keys?.pk?.S ?? '')?.room ?? '',
    );
    batches.push(rooms);
    const failed = behind.flatMap((room) => {
      const index = rooms.indexOf(room);
      return index < 0 ? [] : [{ itemIdentifier: Records[index]?.dynamodb?.SequenceNumber ?? '' }];
    });
    return { batchItemFailures: failed };
  };
  const stream = new Stream(workers, () => audit);
  const { log, inbox } = stream.watch({
    log: dynamoEventLog(memoryTable()),
    inbox: dynamoInbox(memoryTable()),
  });
  const wrote = (...rooms: string[]) =>
    Promise.all(rooms.map(async (room) => log.put(anEvent({ room, seq: seqs++ }))));
  const window = async () => {
    await jest.advanceTimersByTimeAsync(WINDOW_MS);
    await workers.settled();
  };
  let seqs = 1;
  return { stream, log, inbox, batches, behind, wrote, window };
}

describe('what is written to the local table', () => {
  test('is audited five seconds later, together', async () => {
    const { batches, wrote, window } = aStream();
    await wrote('a', 'b');
    await jest.advanceTimersByTimeAsync(WINDOW_MS - 1);
    expect(batches).toEqual([]);
    await wrote('a');
    await jest.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([['a', 'b', 'a']]);
    await window();
    expect(batches).toHaveLength(1);
    await wrote('c');
    await window();
    expect(batches).toEqual([['a', 'b', 'a'], ['c']]);
  });

  test('is as the log and the inbox say, who are otherwise as they were', async () => {
    const { log, inbox, batches, window } = aStream();
    expect(await log.put(anEvent({ room: 'a' }))).toBe('stored');
    expect(await log.put(anEvent({ room: 'a', id: 'late' }))).toBe('taken');
    const who = { userId: 'alice', sender: 'Alice', ...said('x'), clientId: 'c', id: 'left' };
    await inbox.enqueue({ room: 'проект', ...who, searched: 0, leftAt: 1 });
    expect(await log.readForward('a', 0, 10)).toHaveLength(1);
    expect(await inbox.read('проект', 10)).toHaveLength(1);
    await window();
    expect(batches).toEqual([['a', 'проект']]);
  });

  test('is audited again from the first room that is behind', async () => {
    const { batches, behind, wrote, window } = aStream();
    behind.push('b', 'c');
    await wrote('a', 'b', 'c');
    await window();
    behind.length = 0;
    await window();
    await window();
    expect(batches).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });

  test('is audited until no room is behind, however often that takes', async () => {
    const { batches, behind, wrote, window } = aStream();
    behind.push('c');
    await wrote('a', 'b', 'c');
    for (let times = 0; times < 3; times++) await window();
    behind.length = 0;
    await window();
    await window();
    expect(batches).toEqual([['a', 'b', 'c'], ['c'], ['c'], ['c']]);
  });

  test('is audited no more once the stream is closed', async () => {
    const { stream, batches, wrote, window } = aStream();
    await wrote('a');
    stream.close();
    await window();
    await wrote('b');
    await window();
    expect(batches).toEqual([]);
  });

  test('is audited no more once it is closed, also where nothing was waiting', async () => {
    const { stream, batches, wrote, window } = aStream();
    stream.close();
    await wrote('a');
    await window();
    expect(batches).toEqual([]);
  });
});
