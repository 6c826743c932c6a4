import type { ApiWriter } from './api-writer.ts';
import type { Checks } from './checks.ts';
import type { Cloud } from './cloud.ts';
import type { OldClient } from './old-client.ts';
import { MAX_BACKOFF_MS, PING_EVERY_MS, PONG_WITHIN_MS, type V1Client } from './v1-client.ts';

/**
 * How long after the last fault everything written must have been pumped, without anyone sending
 * or asking. In a rough world a call may be stuck until the SDK has given up on it (6 s, and once
 * more for what follows it); then a lease runs out (15 s), the stream's window passes (5 s, twice,
 * for a batch may be under way) and the audit that met the lease looks again (20 s, and 1 s until
 * Lambda brings the batch again). In a calm one a pump is there already.
 */
export const PUMPED_WITHIN_MS = { calm: 8_000, rough: 75_000 };

/**
 * And how long everyone must have everything: the next ping tells a client what it misses, or,
 * unanswered, that it must connect again, whose handshake may have begun while things failed.
 */
export const ARRIVED_WITHIN_MS = {
  calm: 0,
  rough: 2 * (PING_EVERY_MS + PONG_WITHIN_MS) + MAX_BACKOFF_MS + 10_000,
};

const SLICES = 4;

/** Every room is pumped to its end, and its inbox is empty. */
export function checkPumped({ world, code, table }: Cloud, checks: Checks): void {
  for (const room of world.profile.rooms) {
    const { pk, sk } = code.keys.lease(room);
    const lease = table.peek(pk, sk);
    const head = checks.log(room).length;
    if (Number(lease?.pumped ?? 0) < head) {
      world.violated(
        'no event is left without a pump',
        `${room} is pumped to ${lease?.pumped ?? 0} of ${head}`,
      );
    }
    for (let slice = 0; slice < SLICES; slice++) {
      for (const draft of table.items(code.keys.inbox(room, slice))) {
        world.violated('no draft is left in the inbox', `${draft.clientId} in ${room}`);
      }
    }
  }
}

/** Whoever left a draft relies on its being put in the log, whether or not it hears of it. */
export function checkDrafts({ world }: Cloud, checks: Checks): void {
  for (const draft of checks.drafts) {
    if (!checks.isStored(draft)) world.violated('a draft that was left is stored', draft);
  }
}

/** Every client that follows the protocol holds exactly the log, and what it said is stored. */
export function checkClients({ world }: Cloud, checks: Checks, clients: readonly V1Client[]): void {
  for (const client of clients) {
    if (client.socket?.poisoned || checks.outcasts.has(client.options.userId)) continue;
    if (!client.socket) world.violated('whoever wants to is connected', client.name);
    for (const [room, { after, events, upTo }] of client.shown) {
      if (client.left.has(room)) continue;
      const log = checks.log(room);
      const same = events.every(({ id }, i) => id === log[after + i]?.id);
      if (!same || !log.slice(upTo).every((event) => checks.hasExpired(event))) {
        world.violated(
          'everyone ends with exactly the log',
          `${client.name} has ${after + 1} to ${upTo} of ${log.length} in ${room}`,
        );
      }
      const waiting = client.gaveUp ? 0 : client.waiting(room);
      if (waiting > 0) {
        world.violated('every message is answered', `${client.name} waits for ${waiting}`);
      }
    }
    for (const [content, { room }] of client.said) {
      if (client.gaveUp || client.left.has(room)) continue;
      if (!checks.log(room).some((event) => event.content === content)) {
        world.violated('whatever was said and kept is stored', content);
      }
    }
    if (client.resent > 0 && world.profile.kind === 'calm') {
      world.violated('where nothing fails, one attempt is enough', client.name);
    }
  }
}

/** So is every message that was posted. */
export function checkWriters({ world }: Cloud, writers: readonly ApiWriter[]): void {
  for (const { name, waiting } of writers) {
    if (waiting > 0) world.violated('every message is answered', `${name} waits for ${waiting}`);
  }
}

/** Where nothing fails, an old client sees everything that is written while it is there, once. */
export function checkOldClients(
  { world }: Cloud,
  checks: Checks,
  clients: readonly OldClient[],
): void {
  if (world.profile.kind !== 'calm') return;
  for (const { name, room, socket, seen, openedAt } of clients) {
    if (!socket || socket.poisoned) continue;
    const due = checks.log(room).filter(({ writtenAt }) => writtenAt >= openedAt);
    const got = seen.slice(seen.length - due.length);
    if (due.every(({ content }, index) => got[index] === content)) continue;
    world.violated('an old client sees what is said', `${name} saw ${seen.length} in ${room}`);
  }
}
