import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roomServices, systemClock } from '../../lambdas/aws/services.ts';
import type { Connection } from '../../lambdas/chat/connection.ts';
import { filledIn } from '../../lambdas/chat/counters.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { forEachParallel } from '../../lambdas/chat/parallel.ts';
import type { ConnectionGateway } from '../../lambdas/chat/ports/connection-gateway.ts';
import { silentMeter } from '../../lambdas/chat/ports/meter.ts';
import type { Relay } from '../../lambdas/chat/ports/relay.ts';
import { openDatabase } from '../../local/database.ts';
import { cpuSince, sum } from '../measure.ts';
import { type Call, meter } from '../quiet-room/meter.ts';

export const SOMEBODY = 'somebody';

/** So many writes are under way at once while a place is filled: they are committed together. */
const FILLED_AT_ONCE = 1_000;

/** A chat's table as `npm start` keeps it, with the stores that are deployed. */
export interface Place {
  services: ReturnType<typeof roomServices>;
  /** Every call since the place was opened, or since it was emptied. */
  calls: Call[];
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'parlor-bench-'));
  const { table, close } = await openDatabase(folder);
  const calls = meter(table.client, 0);
  const settings = { roomPostsPerSecond: 5_000 };
  return {
    services: roomServices(table, nobody, nowhere, settings, { meter: silentMeter }),
    calls,
    async close() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const nobody: ConnectionGateway = {
  post: async () => 'delivered',
  isOpen: async () => true,
  close: async () => {},
};
const nowhere: Relay = {
  handOn: () => Promise.reject(new Error('Nothing is handed on here.')),
  postShard: () => Promise.reject(new Error('Rooms here have one shard.')),
};

/** Fills a room with messages, as if all of them had been posted. */
export async function fillRoom({ services }: Place, room: string, messages: number): Promise<void> {
  const seqs = Array.from({ length: messages }, (_, n) => n + 1);
  await forEachParallel(seqs, FILLED_AT_ONCE, async (seq) => {
    await services.log.put(messageAt(room, seq));
  });
  const now = systemClock.now();
  const lease = await services.leases.take(room, 'filling', now, now + 1_000, false);
  if (lease === 'held') throw new Error('Nobody else pumps here.');
  await services.leases.release(lease, { ...lease, pumped: messages });
}

/** People who are in a room, each by a connection. */
export async function fillWithMembers(place: Place, room: string, members: number): Promise<void> {
  const { connections, memberships } = place.services;
  const numbers = Array.from({ length: members }, (_, n) => n);
  await forEachParallel(numbers, FILLED_AT_ONCE / 4, async (n) => {
    await memberships.visit(`member-${n}`, room, n + 1);
    await connections.add(connectionOf(`member-${n}`, [room]));
  });
}

/** A connection that is in rooms, as if it had joined each. */
export function connectionOf(userId: string, rooms: readonly string[]): Connection {
  const now = systemClock.now();
  return {
    id: `${userId}=`,
    userId,
    username: userId,
    dialect: 'v1',
    homeRoom: rooms[0] ?? 'home',
    rooms: new Map(rooms.map((room) => [room, 0])),
    connectedAt: now,
    authUntil: now + 3_600_000,
    expiresAt: now + 7_200_000,
  };
}

/** Of one size whatever its seq. */
function messageAt(room: string, seq: number): RoomEvent {
  const id = `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`;
  return {
    type: 'message',
    ...{ room, seq, id, userId: SOMEBODY, sender: SOMEBODY, clientId: id },
    payload: { content: 'x'.repeat(100) },
    at: systemClock.now(),
    ...filledIn(seq, {}),
  };
}

/** What one operation took. */
export interface Cost {
  calls: number;
  units: number;
  /** Of CPU, in milliseconds: all is done in this process, and a busy machine doesn't lengthen it. */
  ms: number;
}

/** What an operation takes. */
export async function costOf({ calls }: Place, operation: () => Promise<unknown>): Promise<Cost> {
  calls.length = 0;
  const before = process.cpuUsage();
  await operation();
  const ms = cpuSince(before) / 1_000;
  return {
    calls: calls.length,
    units: sum(calls.map(({ readUnits, writeUnits }) => readUnits + writeUnits)),
    ms,
  };
}
