import { type EventPage, parseEventPage, parseMessagePage } from './parse.ts';
import type { Rest } from './rest.ts';
import type { HistoryRange, Message } from './types.ts';

/** Events in a page of replay: the most that the server gives. */
const REPLAY_PAGE = 200;

export interface MessagePage {
  readonly messages: Message[];
  /** Whether there are messages beyond this page, in the direction of the question. */
  readonly more: boolean;
}

/** What a room is asked over REST. All throw ParlorClientError. */
export class RoomApi {
  readonly #rest: Rest;
  readonly #path: string;

  constructor(rest: Rest, room: string) {
    this.#rest = rest;
    this.#path = `/api/rooms/${encodeURIComponent(room)}`;
  }

  async events(after: number): Promise<EventPage> {
    const query = `?after=${after}&limit=${REPLAY_PAGE}`;
    return parseEventPage(await this.#rest.get(`${this.#path}/events/${query}`));
  }

  /** Oldest first. */
  async messages(range: HistoryRange, limit: number): Promise<MessagePage> {
    const query = new URLSearchParams({ limit: String(limit) });
    if ('before' in range) query.set('before', String(range.before));
    if ('after' in range) query.set('after', String(range.after));
    const body = await this.#rest.get(`${this.#path}/messages/?${query}`);
    const { messages, older, newer } = parseMessagePage(body);
    return { messages, more: 'after' in range ? newer : older };
  }
}
