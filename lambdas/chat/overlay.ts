import type { ParlorError } from '../../protocol/errors.ts';
import type { Draft } from './append.ts';
import type { MessagePayload, Payload, RoomEvent } from './event.ts';

/** What a feature keeps of a message in its overlay: JSON. */
export type Part = Readonly<Record<string, unknown>>;

/**
 * What hangs on a message: the fold of all events that name it as their target, up to `asOf`. It stands
 * beside the log, so that a page of history needs not read what came later.
 */
export interface Overlay {
  room: string;
  /** The seq of the message. */
  target: number;
  /** The seq of the newest event that is folded in. */
  asOf: number;
  /** By the names of kinds. */
  parts: Readonly<Record<string, Part>>;
  /** What the newest folding made obsolete. It is erased before the fold counts as done. */
  obsolete: readonly Obsolete[];
}

/** An event of which nothing, or nothing but its content, is to be left. */
export interface Obsolete {
  seq: number;
  what: 'content' | 'payload';
}

/** A fold of one event: how a kind's part, and what is obsolete, follow from it. */
export interface Folding {
  parts: Readonly<Record<string, Part>>;
  obsolete?: readonly Obsolete[];
}

/**
 * What the server knows of a kind of event that hangs on a message, beyond passing it on. Such an event
 * has the message's seq in its payload, as `target`.
 */
export interface Kind {
  /**
   * Why a draft of this kind can't follow on an event that was stored after the draft was admitted;
   * undefined where it can. Asked about every such event, of any kind.
   */
  refuses?(draft: Draft, stored: RoomEvent): ParlorError | undefined;

  /**
   * Folds an event into what hangs on its target. Total: an event that no longer applies changes nothing.
   *
   * @returns undefined where nothing changes
   */
  fold(parts: Overlay['parts'], event: RoomEvent): Folding | undefined;

  /** What a message says once the part of this kind hangs on it. */
  show(payload: MessagePayload, part: Part): MessagePayload;
}

/** Kinds by the types of their events. */
export type Kinds = Readonly<Record<string, Kind>>;

/** The message that an event hangs on; undefined for one that hangs on none. */
export function targetOf({ payload }: { payload: Payload }): number | undefined {
  const { target } = payload;
  return typeof target === 'number' && Number.isSafeInteger(target) ? target : undefined;
}
