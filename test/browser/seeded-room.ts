import { openTable } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { filledIn } from '../../lambdas/chat/counters.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { LOCAL_TABLE, localDynamo } from '../../local/database.ts';
import type { Stack } from '../../local/stack.ts';

/** In one item: many are put quickly, few are read quickly. */
const TOGETHER = 20;
/** Between two messages, so that many of them are of several days. */
const STEP_MS = 40_000;

/**
 * Puts messages into the log of a room that nobody has been in, as a hot room's writers do: several
 * in one item. They are brought to nobody, as if that had been done.
 */
export async function seedRoom(
  chat: Stack,
  room: string,
  count: number,
  { stepMs = STEP_MS } = {},
): Promise<void> {
  const table = openTable(LOCAL_TABLE, localDynamo(chat.dynamoEndpoint));
  const log = dynamoEventLog(table);
  const now = Date.now();
  for (let first = 1; first <= count; first += TOGETHER) {
    const length = Math.min(TOGETHER, count - first + 1);
    const [event, ...rest] = Array.from({ length }, (_, index) =>
      eventAt(room, first + index, now - (count - first - index) * stepMs),
    );
    if (event) await log.put(event, ...rest);
  }
  const leases = dynamoLeaseStore(table);
  const lease = await leases.take(room, 'seed', now, now + 10_000, false);
  if (lease === 'held') throw new Error('Somebody is in the room that is to be filled.');
  await leases.release(lease, { ...lease, pumped: count, counters: filledIn(count, {}) });
  table.client.destroy();
}

/** What the message with a seq says: of different lengths, so that lines are of different heights. */
export const seededWords = (seq: number): string =>
  [`message ${seq}.`, ...Array.from({ length: (seq * 7) % 40 }, () => 'and so on')].join(' ');

function eventAt(room: string, seq: number, at: number): RoomEvent {
  const sender = ['ada', 'bela', 'chiara'][Math.floor(seq / 4) % 3] ?? 'ada';
  return {
    ...{ type: 'message', room, seq, at, sender, ...filledIn(seq, {}) },
    id: `seeded-${room}-${seq}`,
    userId: `user-of-${sender}`,
    clientId: `seeded-${seq}`,
    payload: { content: seededWords(seq) },
  };
}
