import type * as z from 'zod/mini';
import { parseRoomName } from '../../../protocol/names.ts';
import type {
  EventPage,
  HistoryMessage,
  Message,
  MessagePage,
  RoomPage,
} from '../../../protocol/rest-bodies.ts';
import { restTimestamp } from '../../../protocol/timestamp.ts';
import { removed } from '../../chat/connections.ts';
import { parseContent } from '../../chat/content.ts';
import type { RoomEvent } from '../../chat/event.ts';
import { type HistoryRange, readHistory, replay } from '../../chat/history.ts';
import { sendMessageAndWait } from '../../chat/send-message.ts';
import { noteFanOut } from '../journal.ts';
import type { Call } from './call.ts';
import { json } from './events.ts';
import type { HttpServices, Operations } from './handler.ts';
import {
  historyCursor,
  historyRange,
  pageLink,
  pageSize,
  parseVisitCursor,
  visitCursor,
} from './paging.ts';

/** /api/rooms/ and /chat/history/. */
export const roomOperations = {
  async listRooms({ memberships }, { account, query, url }) {
    const limit = pageSize(query);
    const start = query.cursor === undefined ? undefined : parseVisitCursor(query.cursor);
    const visits = await memberships.visits(account.id, limit + 1, start);
    const page = visits.slice(0, limit);
    const last = page.at(-1);
    const body: z.infer<typeof RoomPage> = {
      next:
        visits.length > limit && last
          ? pageLink(url, { cursor: visitCursor(last) }, query.limit)
          : null,
      previous: null,
      results: page.map(({ room, at }) => ({ room, lastVisit: restTimestamp(at) })),
    };
    return json(200, body);
  },

  async listMessages(services, call) {
    const room = await readableRoom(services, call);
    const { query, url } = call;
    const page = await readHistory(services.log, room, historyRange(query), pageSize(query));
    const link = (range: NonNullable<HistoryRange>) =>
      pageLink(url, { cursor: historyCursor(range) }, query.limit);
    const body: z.infer<typeof MessagePage> = {
      next: page.older === undefined ? null : link({ before: page.older }),
      previous: page.newer === undefined ? null : link({ after: page.newer }),
      results: page.messages.map(toMessage),
    };
    return json(200, body);
  },

  async createMessage(services, { room: name, body, headers, account, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    const content = parseContent(body.content);
    const visit = await services.memberships.visitFirst(account.id, room, services.clock.now());
    if (visit === 'removed') throw removed(room);
    const { event, duplicate, fanOut } = await sendMessageAndWait(services, {
      room,
      content,
      clientId: headers['idempotency-key'],
      after: body.after,
      userId: account.id,
      sender: account.username,
    });
    notes.seq = event.seq;
    noteFanOut(notes, fanOut);
    return json(duplicate ? 200 : 201, toMessage(event));
  },

  async listEvents(services, call) {
    const room = await readableRoom(services, call);
    const { query, url } = call;
    const { events, head } = await replay(services.log, room, query.after ?? 0, pageSize(query));
    const last = events.at(-1)?.seq ?? head;
    const body: z.infer<typeof EventPage> = {
      next: last < head ? pageLink(url, { after: last }, query.limit) : null,
      previous: null,
      head,
      results: events.map((event) => ({ type: event.type, ...toMessage(event) })),
    };
    return json(200, body);
  },

  async oldHistory(services, call) {
    const room = await readableRoom(services, call);
    const { query, url } = call;
    const range = query.before === undefined ? undefined : { before: query.before };
    const { messages, older } = await readHistory(services.log, room, range, pageSize(query));
    const next = older === undefined ? undefined : pageLink(url, { before: older }, query.limit);
    const body: z.infer<typeof HistoryMessage>[] = messages.map((event) => ({
      sender: event.sender,
      content: event.content,
      timestamp: restTimestamp(event.at),
      room: event.room,
    }));
    return json(200, body, next === undefined ? {} : { link: `<${next}>; rel="next"` });
  },
} satisfies Partial<Operations>;

/** The room of a call, if the caller may read it. */
async function readableRoom(
  { memberships }: HttpServices,
  { room: name, account, notes }: Pick<Call<'listMessages'>, 'room' | 'account' | 'notes'>,
): Promise<string> {
  const room = parseRoomName(name);
  notes.room = room;
  if (await memberships.isRemoved(account.id, room)) throw removed(room);
  return room;
}

function toMessage(event: RoomEvent): z.infer<typeof Message> {
  return {
    seq: event.seq,
    id: event.id,
    clientId: event.clientId,
    sender: event.sender,
    content: event.content,
    timestamp: restTimestamp(event.at),
    room: event.room,
  };
}
