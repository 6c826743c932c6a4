import { ParlorError } from '../../protocol/errors.ts';
import { type Appended, type AppendPorts, append, type Draft } from './append.ts';
import type { Connection } from './connection.ts';
import { parseContent } from './content.ts';
import type { FanOut, FanOutReport } from './ports/fan-out.ts';

export interface SendPorts extends AppendPorts {
  fanOut: FanOut;
}

export interface Sent extends Appended {
  /** Absent for a duplicate: its first attempt was fanned out. */
  fanOut?: FanOutReport;
}

/**
 * Stores a message, then brings it to the room. What it returns is stored, whatever became of the
 * fan-out.
 *
 * @throws ParlorError of `parseContent` and `append`
 */
export async function sendMessage(ports: SendPorts, draft: Draft): Promise<Sent> {
  const content = parseContent(draft.content);
  const appended = await append(ports, { ...draft, content });
  if (appended.duplicate) return appended;
  return { ...appended, fanOut: await ports.fanOut.deliver(appended.event) };
}

/** @throws ParlorError `not_joined` */
export function requireJoined(connection: Connection, room: string): void {
  if (connection.rooms.has(room)) return;
  throw new ParlorError('not_joined', `You are not in the room "${room}". Join it first.`);
}
