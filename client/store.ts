import type { Message, MessageExtras } from './types.ts';

/** A message that is not known to be stored, as it must be kept to be sent again. */
export interface OutboxEntry extends MessageExtras {
  readonly room: string;
  readonly clientId: string;
  readonly content: string;
  /** The seq up to which the log is known not to have it; undefined before the first attempt. */
  readonly after: number | undefined;
  /** Milliseconds since 1970. Entries of a room are sent by rising `createdAt`, then `order`. */
  readonly createdAt: number;
  /** Tells entries of the same millisecond apart. */
  readonly order: number;
}

/** The end of a room as it was last seen, so that a reload shows it at once. */
export interface CachedRoom {
  /** Everything up to this seq was seen. */
  readonly upTo: number;
  /** The newest messages up to there, oldest first, 200 at most; none where all have expired. */
  readonly messages: readonly Message[];
}

/**
 * Where a client keeps what must outlive it. One store belongs to one user; two clients (tabs)
 * may share it at the same time.
 *
 * Every method may fail; the client then goes on from memory and tells by an `error` event. What
 * they give is taken as it is: who keeps it where another version wrote has to check it.
 */
export interface Store {
  /**
   * Takes over the entries that no living client has: left by one that ended, or crashed.
   * Of several clients that ask at once, each entry goes to one.
   */
  adoptOutbox(): Promise<OutboxEntry[]>;
  /** Keeps an entry, or changes it. It is safe once this has returned. */
  putOutbox(entry: OutboxEntry): Promise<void>;
  /** Removing what is not there is no error. */
  removeOutbox(room: string, clientId: string): Promise<void>;
  loadRoom(room: string): Promise<CachedRoom | undefined>;
  /** Keeps a room's end, unless a further one (by `upTo`) is kept already. */
  saveRoom(room: string, cached: CachedRoom): Promise<void>;
  /** Forgets a room's end: its log turned out to be another one. */
  forgetRoom(room: string): Promise<void>;
  /** Forgets everything: at log-out. */
  clear(): Promise<void>;
  /** Lets go of the entries, so that another client may adopt them. */
  close(): Promise<void>;
}
