import type * as z from 'zod/mini';
import { admissionOf, messageOf } from '../../../features/messages/rules.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import type {
  EventPage,
  HistoryMessage,
  JoinedRoom,
  Message,
  MessagePage,
  RoomPage,
} from '../../../protocol/rest-bodies.ts';
import { restTimestamp } from '../../../protocol/timestamp.ts';
import { removed } from '../../chat/connections.ts';
import type { MessageEvent, RoomEvent } from '../../chat/event.ts';
import { bodyOf, eventBody } from '../../chat/event-bodies.ts';
import { tooFast } from '../../chat/flood-gate.ts';
import { type HistoryRange, readHistory, replay } from '../../chat/history.ts';
import { publishAndWait } from '../../chat/publish.ts';
import { markRead } from '../../chat/read-mark.ts';
import { type ListedRoom, listRooms } from '../../chat/room-list.ts';
import { noteFanOut } from '../journal.ts';
import { json } from './events.ts';
import type { HttpServices, Operations } from './handler.ts';
import {
  historyCursor,
  historyRange,
  pageBound,
  pageLink,
  parseVisitCursor,
  visitCursor,
} from './paging.ts';
import { readableRoom } from './readable-room.ts';

/** /api/rooms/ and /chat/history/. */
export const roomOperations = {
  async listRooms(services, { account, query, url }) {
    const start = query.cursor === undefined ? undefined : parseVisitCursor(query.cursor);
    const { rooms, next } = await listRooms(
      services,
      account.id,
      pageBound(query, toJoinedRoom),
      start,
    );
    const body: z.infer<typeof RoomPage> = {
      next: next ? pageLink(url, { cursor: visitCursor(next) }, query.limit) : null,
      previous: null,
      results: rooms.map(toJoinedRoom),
    };
    return json(200, body);
  },

  async forgetRoom({ memberships }, { room: name, account, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    await memberships.forget(account.id, room);
    return json(200, {});
  },

  async markRead(services, { room: name, body, account, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    notes.seq = body.seq;
    return json(200, { room, read: await markRead(services, account.id, room, body.seq) });
  },

  async listMessages(services, call) {
    const room = await readableRoom(services, call);
    const { query, url } = call;
    const bound = pageBound(query, toMessage);
    const page = await readHistory(services, room, historyRange(query), bound);
    const link = (range: NonNullable<HistoryRange>) =>
      pageLink(url, { cursor: historyCursor(range) }, query.limit);
    const body: z.infer<typeof MessagePage> = {
      next: page.older === undefined ? null : link({ before: page.older }),
      previous: page.newer === undefined ? null : link({ after: page.newer }),
      head: page.head,
      results: page.messages.map(toMessage),
    };
    return json(200, body);
  },

  async createMessage(services, { room: name, body, headers, account, notes }) {
    const room = parseRoomName(name);
    notes.room = room;
    const message = messageOf(body);
    const { budget, clock } = services;
    if (!(await budget.draw(account.id, 1, clock.now()))) throw tooFast();
    const visit = await services.memberships.visitFirst(account.id, room, services.clock.now());
    if (visit === 'removed') throw removed(room);
    const draft = {
      room,
      ...message,
      clientId: headers['idempotency-key'],
      after: body.after,
      userId: account.id,
      sender: account.username,
    };
    const { event, duplicate, fanOut } = await publishAndWait(
      services,
      draft,
      admissionOf(services, draft),
    );
    notes.seq = event.seq;
    noteFanOut(notes, fanOut);
    return json(duplicate ? 200 : 201, bodyOf(event));
  },

  async listEvents(services, call) {
    const room = await readableRoom(services, call);
    const { query, url } = call;
    const bound = pageBound(query, toEvent);
    const { events, head } = await replay(services, room, query.after ?? 0, bound);
    const last = events.at(-1)?.seq ?? head;
    const body: z.infer<typeof EventPage> = {
      next: last < head ? pageLink(url, { after: last }, query.limit) : null,
      previous: null,
      head,
      results: events.map(toEvent),
    };
    return json(200, body);
  },

  async oldHistory(services, call) {
    const room = await readableRoom(services, call);
    const { query, url } = call;
    const range = query.before === undefined ? undefined : { before: query.before };
    const bound = pageBound(query, toHistoryMessage);
    const { messages, older } = await readHistory(services, room, range, bound);
    const next = older === undefined ? undefined : pageLink(url, { before: older }, query.limit);
    const body = messages.filter(({ payload }) => !payload.deleted).map(toHistoryMessage);
    return json(200, body, next === undefined ? {} : { link: `<${next}>; rel="next"` });
  },
} satisfies Partial<Operations<HttpServices>>;

function toJoinedRoom(listed: ListedRoom): z.infer<typeof JoinedRoom> {
  const { room, visitedAt, read, head, unread, lastMessage } = listed;
  return {
    room,
    lastVisit: restTimestamp(visitedAt),
    read,
    head,
    unread,
    lastMessage: lastMessage ? toMessage(lastMessage) : null,
  };
}

function toHistoryMessage(event: MessageEvent): z.infer<typeof HistoryMessage> {
  return {
    sender: event.sender,
    content: event.payload.content,
    timestamp: restTimestamp(event.at),
    room: event.room,
  };
}

const toEvent: (event: RoomEvent) => z.infer<typeof EventPage>['results'][number] = eventBody;

const toMessage: (event: MessageEvent) => z.infer<typeof Message> = bodyOf;
