import { type Parlor, ParlorClientError, type Room } from '../../client/index.ts';
import { strictText } from '../../local/strict-text.ts';
import { isBlank } from '../../protocol/blank.ts';
import { mendedContent } from '../../protocol/content.ts';
import { linesOf } from '../transfer/lines.ts';
import { noteConnection } from './connection-notes.ts';
import { safeText } from './safe-text.ts';
import { unsent } from './unsent.ts';

/** So many lines are read ahead of what is stored. */
const AHEAD = 50;

/**
 * Sends each line of the input as it is, but for control characters, and what the last time left;
 * blank lines are skipped. Says nothing but what went wrong.
 *
 * @returns the exit code: 0 when all are stored
 */
export async function sendLines(client: Parlor, name: string): Promise<number> {
  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  noteConnection(client, console.error, () => end(1));
  process.once('SIGINT', () => end(130));
  process.once('SIGTERM', () => end(143));
  const room = client.room(name);
  const code = await Promise.race([ended, sendAll(room)]);
  const count = unsent([room]);
  if (count > 0) console.error(`Not sent yet: ${count}. That is done the next time.`);
  return code;
}

/** The lines to the end, or to the first that is no text: that is told, and the rest is not read. */
async function* inputLines(tell: (problem: string) => void): AsyncGenerator<string> {
  const hint = 'The lines before that one are sent. Convert it to UTF-8, for example with iconv.';
  try {
    yield* linesOf(strictText(process.stdin, { name: 'Standard input', hint }));
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
  }
}

async function sendAll(room: Room): Promise<number> {
  let failed = 0;
  const tell = (problem: string) => {
    failed++;
    console.error(safeText(problem));
  };
  const underway = new Set<Promise<unknown>>();
  for await (const line of inputLines(tell)) {
    const content = mendedContent(line);
    if (isBlank(content)) continue;
    const sent = room.send(content).catch((error: unknown) => {
      if (error instanceof ParlorClientError && error.code === 'closed') return;
      const reason = error instanceof Error ? error.message : String(error);
      tell(`Not sent: ${content}\n${reason}`);
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
  const { status, error: reason } = room.state;
  // Where it is live, the error is of an attempt that is repeated.
  const error = status === 'refused' ? reason : undefined;
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
