import { roomRecords } from '../../../bin/transfer/export-records.ts';
import { importRecords } from '../../../bin/transfer/import-records.ts';
import { linesOf } from '../../../bin/transfer/lines.ts';
import { everySecond } from '../../../bin/transfer/progress.ts';
import { type Located, parseRecord, toLine } from '../../../bin/transfer/records.ts';
import type { Settings } from '../../../lambdas/aws/config.ts';
import { dynamoRoomMembers } from '../../../lambdas/aws/room-members.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { anEvent } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';

/** A chat in memory, with what an export and an import want of it. */
export function aChat(settings: Partial<Settings> = {}) {
  const said: string[] = [];
  const fakes = fakeServices(settings);
  const services = { ...fakes, members: dynamoRoomMembers(fakes.table) };
  return { ...services, said, progress: everySecond(services.clock, (line) => said.push(line)) };
}
export type Chat = ReturnType<typeof aChat>;

export async function fill(log: EventLog, events: readonly RoomEvent[]): Promise<void> {
  for (const event of events) await log.put(event);
}

export const messages = (count: number, given: Partial<RoomEvent> = {}): RoomEvent[] =>
  Array.from({ length: count }, (_, n) => anEvent({ seq: n + 1, ...given }));

export async function exported(chat: Chat, room = 'lobby', after = 0): Promise<string> {
  let text = '';
  for await (const record of roomRecords(chat, room, after)) text += toLine(record);
  return text;
}

/** The records of a text that comes in pieces of any size. */
export async function* located(text: string, piece = 100): AsyncGenerator<Located> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += piece) yield text.slice(at, at + piece);
  }
  let line = 0;
  for await (const one of linesOf(pieces())) {
    const place = `Line ${++line}`;
    yield { record: parseRecord(one, place), place };
  }
}

export const imported = (chat: Chat, text: string) => importRecords(chat, located(text));
