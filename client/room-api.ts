import type { ParlorClientError } from './errors.ts';
import { type EventPage, parseEventPage, parseMessagePage, parseOneMessage } from './parse.ts';
import type { Rest } from './rest.ts';
import type { HistoryRange, Message } from './types.ts';

/** Events in a page of replay: the most that the server gives. */
const REPLAY_PAGE = 200;

export interface MessagePage {
  readonly messages: Message[];
  /** The newest one's seq; of the newest page the room's, also if all its messages have expired. */
  readonly upTo: number;
  /** Whether there are messages beyond this page, in the direction of the question. */
  readonly more: boolean;
  /** Of what follows on a seq: whether the event there is kept, and so is all between. */
  readonly joins: boolean;
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
    try {
      return parseEventPage(await this.#rest.get(`${this.#path}/events/${query}`));
    } catch (error) {
      const { firstKept = 0 } = error as Partial<ParlorClientError>;
      // It has to lead on, for the callers go on from there.
      if (firstKept <= after + 1) throw error;
      return { head: firstKept - 1, more: true, events: [], expired: firstKept - 1 };
    }
  }

  async edit(seq: number, content: string, baseVersion: number): Promise<Message> {
    const path = `${this.#path}/messages/${seq}/`;
    return parseOneMessage(await this.#rest.send('PUT', path, { content, baseVersion }));
  }

  async delete(seq: number): Promise<Message> {
    return parseOneMessage(await this.#rest.send('DELETE', `${this.#path}/messages/${seq}/`));
  }

  /** Oldest first. */
  async messages(range: HistoryRange, limit: number): Promise<MessagePage> {
    const query = Object.entries({ ...range, limit }).map((pair) => pair.join('='));
    const body = await this.#rest.get(`${this.#path}/messages/?${query.join('&')}`);
    const { messages, upTo, older, newer } = parseMessagePage(body);
    return { messages, upTo, more: 'after' in range ? newer : older, joins: older };
  }
}
