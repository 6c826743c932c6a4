import type { Listener, Unsubscribe } from './emitter.ts';
import type { ParlorClientError } from './errors.ts';

/** What a message may carry beside its text; each is there only where its sender gave it. */
export interface MessageExtras {
  /** The seq of the message that it answers. */
  readonly replyTo?: number;
  /** The application's own: a JSON object, at most 2,048 bytes as JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Of a custom message: what it is to the application. Its `content` stands where that is not known. */
  readonly kind?: string;
}

/** A message as everyone sees it: stored, with its place in the room's order. */
export interface Message extends MessageExtras {
  /** Its place in the room: 1, 2, 3, … without a hole. */
  readonly seq: number;
  /** The server's id, unique over all rooms. */
  readonly id: string;
  /** The id that its sender gave it. */
  readonly clientId: string;
  /** The username of who sent it. */
  readonly sender: string;
  /** Plain text, 1 to 8,000 bytes of UTF-8; empty where it was deleted. */
  readonly content: string;
  /** Only of a message that was changed: the seq of the edit that brought its text, and when that was. */
  readonly version?: number;
  readonly editedAt?: string;
  /** Only of a message that was deleted: who did it, and when (ISO 8601). */
  readonly deleted?: { readonly by: string; readonly at: string };
  /** When it was stored: ISO 8601 in UTC, microseconds. For order, use `seq`. */
  readonly timestamp: string;
}

/** What became of a message: it got another text, or was deleted. */
export type MessageChange = {
  /** The message's seq. */
  readonly target: number;
} & (
  | { readonly version: number; readonly content: string; readonly editedAt: string }
  | { readonly deleted: NonNullable<Message['deleted']> }
);

/** A message of one's own that the room's log has not shown yet: the local echo. */
export interface PendingMessage extends MessageExtras {
  readonly clientId: string;
  readonly content: string;
  /** When it was written, in milliseconds since 1970 by this machine's clock. */
  readonly createdAt: number;
  /**
   * `queued`: waits for a connection, for the message before it, or for a moment where the server
   * asked for one. `sending`: on its way.
   * `stored`: acknowledged, its event has not come yet. `failed`: it will never be taken as it
   * is; `error` says why, `retry` and `discard` are the ways out.
   */
  readonly status: 'queued' | 'sending' | 'stored' | 'failed';
  readonly error?: ParlorClientError;
}

/** What a message became: the answer to `send`. */
export interface Stored {
  readonly seq: number;
  readonly id: string;
  readonly clientId: string;
  readonly timestamp: string;
}

/** What the connection is doing; a new object whenever it changes. */
export type ConnectionState =
  /** No room has been asked for yet. */
  | { readonly status: 'idle' }
  /** The first attempt. */
  | { readonly status: 'connecting' }
  | { readonly status: 'online' }
  /**
   * Lost, and trying again at `retryAt` (milliseconds since 1970), at once when the machine comes
   * online or wakes up. What is sent meanwhile waits in the outbox.
   */
  | {
      readonly status: 'offline';
      /** Why the last attempt failed, with its `cause`; none when a connection has just ended. */
      readonly error?: ParlorClientError;
      readonly attempt: number;
      readonly retryAt: number;
    }
  /** Over: by `close()`, or, with an error, because trying again can't help. */
  | { readonly status: 'closed'; readonly error?: ParlorClientError };

/**
 * Where a room stands. `joining`: not in it yet, or not yet again. `catching-up`: events that were
 * missed are being read. `live`: nothing is missing. `offline`: no connection. `refused`: the
 * server won't have us in it, `error` says why. `left`: after `leave()`.
 */
export type RoomStatus = 'joining' | 'catching-up' | 'live' | 'offline' | 'refused' | 'left';

/** A room as it stands; a new object whenever something in it changes. */
export interface RoomState {
  readonly status: RoomStatus;
  /**
   * Why it is `refused`; while it is `joining` or `catching-up`, why the last attempt failed. Those
   * are repeated, after pauses of 30 seconds at most.
   */
  readonly error?: ParlorClientError;
  /** Everything up to this seq has been seen by this client; 0 before anything is known. */
  readonly upTo: number;
  /** The newest message that is known, for a list of rooms. */
  readonly lastMessage?: Message;
  /** The local echo: own messages that are not in the log yet, oldest first. */
  readonly pending: readonly PendingMessage[];
}

export interface RoomEvents {
  /** An event of the room's log: each once, by rising seq, without a hole. */
  message: Message;
  /** A message was changed or deleted, here or by somebody else, whether it is at hand or not. */
  change: MessageChange;
  /**
   * The order begins anew after `upTo`: what lies between was not shown and won't be (read it
   * with `history`). `behind`: more was missed than `maxReplay`. `foreign`: the log is another
   * one than it was, for the server was set up anew or went back to a backup. `expired`: the server
   * keeps history for a time, and what came next was older, or it has passed over seqs; everything
   * that it still has follows.
   */
  reset: { reason: 'behind' | 'foreign' | 'expired'; upTo: number };
  /** `state` has become another object. */
  state: RoomState;
}

/** A page of history, oldest first. */
export interface HistoryPage {
  readonly messages: readonly Message[];
  /** Whether there are older ones than these, or, for `after`, newer ones. */
  readonly more: boolean;
  /** For `after`: whether nothing has expired between that seq and these. */
  readonly joins: boolean;
}

/** Which part of the history: older than a seq, newer than a seq, or the newest. */
export type HistoryRange =
  | { before: number; after?: never }
  | { after: number; before?: never }
  | { before?: never; after?: never };

/** The end of a room, as far as it is at hand: from the store at once. `roomTimeline` follows it. */
export interface RoomTail {
  /** The newest messages, 200 at most, oldest first, without a hole; undefined: not known yet. */
  readonly messages: readonly Message[] | undefined;
  /** The seq up to which these are the newest. */
  readonly upTo: number;
  on<K extends keyof TailEvents>(event: K, listener: Listener<TailEvents[K]>): Unsubscribe;
}

export interface TailEvents {
  /** The room began, or began anew, with other messages; `foreign`: those of another log. */
  replaced: { foreign: boolean };
  /** These follow what was there. */
  grown: readonly Message[];
  /** One of them may have become another object, or one before them. */
  changed: MessageChange;
}

/** One room, joined for as long as it is not left. */
export interface Room {
  /** In Unicode form NFKC, as the server names it. */
  readonly name: string;
  readonly state: RoomState;
  /** What of it is at hand. */
  readonly tail: RoomTail;
  on<K extends keyof RoomEvents>(event: K, listener: Listener<RoomEvents[K]>): Unsubscribe;
  /**
   * Sends a message. It is shown in `state.pending` at once, kept in the store, and sent for as
   * long as it takes: over lost connections and restarts, once in the end and in the order of
   * writing.
   *
   * @param content 1 to 8,000 bytes of UTF-8, with something in it that shows, and no control
   *   characters but tab and line breaks
   * @returns when it is stored, for good; may take as long as one is offline
   * @throws ParlorClientError when it will never be taken: `content_empty`, `content_too_long`,
   *   `content_invalid`, `removed_from_room`, …; `discarded` after `discard`; `closed` when the
   *   client was closed before (the message stays in the store, and is sent by the next client)
   */
  send(content: string, extras?: MessageExtras): Promise<Stored>;
  /**
   * Gives a message of one's own another text, within a day. It goes at once or not at all.
   *
   * @param message as it is shown: a text that somebody else has changed meanwhile is not lost
   * @throws ParlorClientError `edit_conflict`, `edit_too_late`, `not_your_message`, `message_deleted`,
   *   `message_not_found`, those of `send`, and whatever keeps a call from the server
   */
  edit(message: Pick<Message, 'seq' | 'version'>, content: string): Promise<Message>;
  /**
   * Deletes a message of one's own, for good and for everybody; a superuser deletes anybody's. It goes
   * at once or not at all.
   *
   * @throws ParlorClientError `not_your_message`, `message_deleted`, `message_not_found`, and whatever
   *   keeps a call from the server
   */
  delete(seq: number): Promise<Message>;
  /** Sends a failed message once more; who asks, waits for it through `state.pending`. */
  retry(clientId: string): void;
  /** Drops a message that is queued or failed. What is under way or stored stays. */
  discard(clientId: string): void;
  /**
   * Reads history, whatever the connection does. A page of long messages ends before its limit:
   * `more` says whether there are others.
   *
   * @param limit the most, 1 to 200. Default: 50.
   * @throws ParlorClientError
   */
  history(range?: HistoryRange, limit?: number): Promise<HistoryPage>;
  /** Tries at once what is to be tried again later: to read what was missed, see `state.error`. */
  catchUp(): void;
  /** Leaves. What waits to be sent stays in the store, until the room is entered again. */
  leave(): void;
}

export interface ParlorEvents {
  /** `state` has become another object. */
  state: ConnectionState;
  /** Something went wrong that belongs to no call: for a log. */
  error: ParlorClientError;
}

/** A client of one person: one socket, several rooms. */
export interface Parlor {
  readonly state: ConnectionState;
  on<K extends keyof ParlorEvents>(event: K, listener: Listener<ParlorEvents[K]>): Unsubscribe;
  /**
   * Enters a room and stays in it; the same object for the same name. At most 50.
   *
   * @param name 1 to 100 letters, digits, `_` and `-`; where the server does not take it, the room
   *   becomes `refused`
   * @throws ParlorClientError `room_name_invalid` when it is empty, dots or has a slash;
   *   `too_many_rooms`; `closed`
   */
  room(name: string, options?: RoomOptions): Room;
  /** The username of the person, as the server knows it. @throws ParlorClientError */
  whoAmI(): Promise<string>;
  /** A call of the REST API with the client's token. @throws ParlorClientError */
  readonly rest: RestCalls;
  /** Ends it: closes the socket, forgets all listeners. Queued messages stay in the store. */
  close(): Promise<void>;
}

export interface RoomOptions {
  /**
   * Where to begin in a room that the store does not know: after this seq, so that every later
   * event comes (0: all of them that the server keeps). Default: the newest message.
   */
  after?: number;
}

/** Bare REST calls, for what has no method of its own. */
export interface RestCalls {
  /** @param path from the API's root, as in `/api/rooms/` */
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
}
