import { createInterface } from 'node:readline';
import { type Parlor, ParlorClientError, type Room } from '../../client/index.ts';
import { noteConnection } from './connection-notes.ts';
import type { Options } from './options.ts';
import { safeText } from './safe-text.ts';
import { unsent } from './unsent.ts';

/** So many lines are read ahead of what is stored. */
const AHEAD = 50;

/**
 * Sends each line of the input as it is, and what the last time left; lines of white space only are
 * skipped. Says nothing but what went wrong.
 *
 * @returns the exit code: 0 when all are stored
 */
export async function sendLines(client: Parlor, options: Options): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  noteConnection(client, console.error, () => end(1));
  process.once('SIGINT', () => end(130));
  process.once('SIGTERM', () => end(143));
  const room = client.room(options.room);
  const code = await Promise.race([ended, sendAll(room)]);
  const count = unsent([room]);
  if (count > 0) console.error(`Not sent yet: ${count}. That is done the next time.`);
  return code;
}

async function sendAll(room: Room): Promise<number> {
  let failed = 0;
  const underway = new Set<Promise<unknown>>();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    const sent = room.send(line).catch((error: unknown) => {
      if (error instanceof ParlorClientError && error.code === 'closed') return;
      failed++;
      const reason = error instanceof Error ? error.message : String(error);
      console.error(safeText(`Not sent: ${line}\n${reason}`));
    });
    underway.add(sent);
    void sent.finally(() => underway.delete(sent));
    await until(room, () => unsent([room]) < AHEAD);
  }
  await until(room, () => room.state.status === 'live' && unsent([room]) === 0);
  await Promise.all(underway);
  // What was refused has been told of, and would be refused again.
  for (const { clientId, status } of room.state.pending) {
    if (status === 'failed') room.discard(clientId);
  }
  const { error } = room.state;
  if (error && failed === 0) console.error(safeText(error.message));
  return error || failed > 0 ? 1 : 0;
}

/** Waits for something to become true of a room, or for the room to be refused. */
function until(room: Room, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!condition() && room.state.status !== 'refused') return;
      stop();
      resolve();
    };
    const stop = room.on('state', look);
    look();
  });
}
