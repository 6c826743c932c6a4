import type { Counters } from '../counters.ts';

/**
 * A room's lease: the right to pump, held by one at a time, and what the pump must know. One item
 * per room; every change is one conditional write of it.
 */
export interface Lease {
  room: string;
  /** Who holds it; new with each taking, claiming and handing on. */
  owner: string;
  /** Until when it is held unless renewed, in milliseconds since 1970. */
  until: number;
  /** The newest seq that has been brought to the room's connections. */
  pumped: number;
  /**
   * Up to here all is folded into what hangs on messages: `pumped`, or less where a version that folds
   * nothing has pumped last. Whoever moves `pumped` says so of as much.
   */
  folded: number;
  /** Counts the marks of writers who found the lease held. */
  wanted: number;
  /** Counts the drafts that were left in the inbox; those up to `drained` are in the log. */
  drafts: number;
  drained: number;
  /** Into how many shards the room's connections are split. Only grows. */
  shards: number;
  /** How many connections the last round saw. */
  members: number;
  /** What the event at `pumped` counts: all that is left of it once it has expired and is gone. */
  counters: Counters;
  /** How far the log had grown when the room could not be pumped; zeros if that never happened. */
  head: LogEnd;
}

/** Where a log ended. */
export interface LogEnd extends Counters {
  seq: number;
}

/** How far a pump has come. */
export type Progress = Pick<Lease, 'pumped' | 'counters' | 'drained' | 'shards' | 'members'>;

export interface LeaseStore {
  /**
   * Takes the lease, if nobody holds it or it has run out.
   *
   * @param drafted whether a draft was left in the inbox before
   */
  take(
    room: string,
    owner: string,
    now: number,
    until: number,
    drafted: boolean,
  ): Promise<Lease | 'held'>;

  /**
   * Tells the holder that there is more, if somebody holds the lease and it has not run out. After
   * `marked` the holder can't release before it has looked again.
   *
   * @param drafted whether a draft was left in the inbox before
   */
  mark(room: string, now: number, drafted: boolean): Promise<'marked' | 'free'>;

  /** Takes the lease over from its holder, who handed it on. Of two that try, one gets `lost`. */
  claim(room: string, from: string, to: string, until: number): Promise<Lease | 'lost'>;

  /** Moves `pumped` and the rest, and renews the lease, if it is still this owner's. */
  advance(lease: Lease, progress: Progress, until: number): Promise<Lease | 'lost'>;

  /**
   * Moves `pumped` and the rest and gives the lease up, if it is still this owner's and nobody has
   * marked it since. `wanted`: somebody has; nothing was written.
   */
  release(lease: Lease, progress: Progress): Promise<'released' | 'wanted' | 'lost'>;

  /**
   * Keeps in mind how far the log has grown, for a room that can't be pumped: `pumped` stands for
   * the head once events have expired and are gone. Never moves back.
   */
  noteHead(room: string, head: LogEnd): Promise<void>;

  /** The lease as it is, with an empty owner if nobody holds it. Strongly consistent. */
  find(room: string): Promise<Lease>;

  /** Into how many shards a room is split. May lag; it only ever grows, so a lag does no harm. */
  shards(room: string): Promise<number>;
}
