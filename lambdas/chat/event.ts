import { type Counters, countersOf, withMessage } from './counters.ts';

/**
 * What an event says: members of JSON, without undefined ones. The log stores it, compares it and
 * passes it on, and knows no kind of it. Frames and REST bodies show its members beside those of the
 * envelope, so it has none of ENVELOPE.
 */
export type Payload = Readonly<Record<string, unknown>>;

/** What frames and REST bodies tell of every event. */
export const ENVELOPE = ['type', 'room', 'seq', 'id', 'clientId', 'sender', 'timestamp'] as const;

/** One entry of a room's log. */
export interface RoomEvent extends Counters {
  /** Its kind: see features/. Readers pass on what they don't know. */
  type: string;
  room: string;
  /** Dense: 1, 2, 3, ... */
  seq: number;
  id: string;
  /** Account id of who did it. */
  userId: string;
  /** The name under which it is shown, as it was then. */
  sender: string;
  /** The sender's own id for it; unique among the sender's events. */
  clientId: string;
  payload: Payload;
  /** Milliseconds since 1970. */
  at: number;
  /** Of what it said something, or all, is gone for good. */
  erased?: true;
  /**
   * Word for the next writer, who reads it anyway: this event was put together with others, or
   * after others had taken slots from it, so many write to the room.
   */
  crowded?: true;
}

/** Of all kinds the one that is counted as said: `n` counts these, history and old clients show them. */
export const MESSAGE = 'message';

/** A message. */
export interface MessageEvent extends RoomEvent {
  type: typeof MESSAGE;
  payload: MessagePayload;
}

/** What it says; fields.ts of protocol/ says what may stand there. */
export interface MessagePayload extends Payload {
  readonly content: string;
  readonly replyTo?: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly kind?: string;
  /** As it is shown: the seq of the edit that brought the text, and when that was. */
  readonly version?: number;
  readonly editedAt?: string;
  /** As it is shown: who deleted it, and when. Its content is empty. */
  readonly deleted?: { readonly by: string; readonly at: string };
}

export const isMessage = (event: RoomEvent): event is MessageEvent => event.type === MESSAGE;

/** @returns the counters of an event of a type that follows on `before` */
export const countersAfter = (before: { seq: number } & Counters, type: string): Counters =>
  type === MESSAGE ? withMessage(before) : countersOf(before);
