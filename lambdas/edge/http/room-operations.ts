import type * as z from 'zod/mini';
import { parseRoomName } from '../../../protocol/names.ts';
import type {
  EventPage,
  HistoryMessage,
  Message,
  MessagePage,
  RoomPage,
} from '../../../protocol/rest.ts';
import { restTimestamp } from '../../../protocol/timestamp.ts';
import type { RoomEvent } from '../../chat/event.ts';
import { type HistoryRange, readHistory, replay } from '../../chat/history.ts';
import { sendMessage } from '../../chat/send-message.ts';
import { describe, noteFanOut } from '../journal.ts';
import { json } from './events.ts';
import type { Operations } from './handler.ts';
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

  async listMessages({ log }, { room: name, query, url, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    const page = await readHistory(log, room, historyRange(query), pageSize(query));
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
    const { event, duplicate, fanOut } = await sendMessage(services, {
      room,
      content: body.content,
      clientId: headers['idempotency-key'],
      after: body.after,
      userId: account.id,
      sender: account.username,
    });
    notes.seq = event.seq;
    noteFanOut(notes, fanOut);
    // The message is stored and must be acknowledged, also when the list of rooms lags behind it.
    await services.memberships.visitFirst(account.id, room, event.at).catch((fault: unknown) => {
      notes.error = describe(fault);
    });
    return json(duplicate ? 200 : 201, toMessage(event));
  },

  async listEvents({ log }, { room: name, query, url, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    const { events, head } = await replay(log, room, query.after ?? 0, pageSize(query));
    const last = events.at(-1)?.seq ?? head;
    const body: z.infer<typeof EventPage> = {
      next: last < head ? pageLink(url, { after: last }, query.limit) : null,
      previous: null,
      head,
      results: events.map((event) => ({ type: event.type, ...toMessage(event) })),
    };
    return json(200, body);
  },

  async oldHistory({ log }, { room: name, query, url, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    const range = query.before === undefined ? undefined : { before: query.before };
    const { messages, older } = await readHistory(log, room, range, pageSize(query));
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
