import type { Draft } from '../append.ts';

/** A message that waits for whoever holds the room's lease to put it in the log. */
export interface QueuedDraft extends Draft {
  /** The id that its event will have. */
  id: string;
  clientId: string;
  /** Its writer has read the log up to this seq and not found it there. */
  searched: number;
  /** When it was queued, in milliseconds since 1970. */
  leftAt: number;
  /** Whom to tell where it stands. */
  reply?: { connectionId: string; ref?: string | undefined } | undefined;
}

/** Drafts of rooms in which more write than one slot after the other can take. Strongly consistent. */
export interface Inbox {
  enqueue(draft: QueuedDraft): Promise<void>;
  /** Drafts of a room, about oldest first, at most `limit`; fewer only when there are no more. */
  read(room: string, limit: number): Promise<QueuedDraft[]>;
  /** Harmless when they are gone. */
  remove(drafts: readonly QueuedDraft[]): Promise<void>;
}
