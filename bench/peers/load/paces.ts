import { setTimeout as sleep } from 'node:timers/promises';
import type { WireMember } from '../wires/wire.ts';
import type { Deliveries } from './deliveries.ts';

/** A room whose members send in turn. */
export interface LoadedRoom {
  members: WireMember[];
  deliveries: Deliveries;
}

/** A message that has not come by then is lost, and the talk goes on without it. */
const LOST_AFTER_MS = 5_000;

/** Sends to a room, waits until all its members have it, and so on. @param goesOn asked before each */
export async function talkInTurns(
  { members, deliveries }: LoadedRoom,
  goesOn: () => boolean,
): Promise<void> {
  for (let n = 0; goesOn(); n++) {
    const all = deliveries.more(members.length, LOST_AFTER_MS);
    members[n % members.length]?.send(deliveries.next());
    await all;
  }
}

/** Sends at even times, to one room after the other. @param perSecond over all rooms */
export async function talkSteadily(
  rooms: readonly LoadedRoom[],
  perSecond: number,
  seconds: number,
): Promise<void> {
  const start = performance.now();
  for (let n = 0; n < perSecond * seconds; n++) {
    await sleep(Math.max(0, start + (n * 1_000) / perSecond - performance.now()));
    const room = rooms[n % rooms.length];
    const turn = Math.floor(n / rooms.length);
    room?.members[turn % room.members.length]?.send(room.deliveries.next());
  }
}
