import type { Parlor, Room, Unsubscribe } from '../../client/index.ts';
import { ReadMarks } from './read-marks.ts';
import {
  byActivity,
  type ListedRoom,
  merge,
  type RoomSummary,
  readUpTo,
  summaryOf,
} from './summary.ts';

export interface RoomListState {
  /** The one that spoke last first. */
  readonly rooms: readonly RoomSummary[];
  /** Whether the server's list is in it. */
  readonly loaded: boolean;
  /** Whether it could not be read when it was asked for last. */
  readonly failed: boolean;
}

/** Rooms whose events come by the socket; a connection takes 50. */
const ENTERED = 30;
/** Rooms entered at once, and the pause before each further one: what one does comes between. */
const AT_ONCE = 8;
const PAUSE_MS = 1_500;
/** A person's rooms on the list, at most, and how many are asked for at once. */
const ROOMS = 1_000;
const PAGE = 100;

/** By which the server's clock and this one's may differ. */
const SKEW_MS = 60_000;

interface Page {
  readonly results: readonly ListedRoom[];
  readonly next: string | null;
}

/** One's rooms, with what was said last in each and how much is unread, kept up to date. */
export class RoomList {
  readonly #client: Parlor;
  readonly #marks: ReadMarks;
  readonly #summaries = new Map<string, RoomSummary>();
  readonly #entered = new Map<string, Unsubscribe>();
  readonly #listeners = new Set<() => void>();
  /** Rooms that were on no list when they were opened, and when that was. */
  readonly #newcomer = new Map<string, number>();
  readonly #username: string;
  #state: RoomListState = { rooms: [], loaded: false, failed: false };
  #open: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Parlor, username: string) {
    this.#client = client;
    this.#username = username;
    this.#marks = new ReadMarks(client, username, (room, seq) => this.#wasRead(room, seq));
  }

  get state(): RoomListState {
    return this.#state;
  }

  subscribe = (listener: () => void): Unsubscribe => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the server's list, and enters its rooms. Never throws: without a list there are rooms. */
  async load(): Promise<void> {
    try {
      let path: string | undefined = `/api/rooms/?limit=${PAGE}`;
      // A page may hold fewer than were asked for; where there are more, `next` says so.
      for (let learned = 0; path && learned < ROOMS; ) {
        const { results, next }: Page = await this.#client.rest.get<Page>(path);
        learned += results.length;
        for (const listed of results) this.#list(summaryOf(listed));
        this.#change({ failed: false });
        path = next === null ? undefined : pathOf(next);
      }
      this.#change({ loaded: true });
      this.#enterMore(AT_ONCE);
    } catch {
      // Tried again with the next connection, when the tab is looked at, and when one asks for it.
      this.#change({ failed: true });
    }
  }

  /** The room that is on the screen. It is in the list once somebody has spoken there. */
  open(name: string): void {
    this.#open = name;
    if (!this.#summaries.has(name)) this.#newcomer.set(name, Date.now());
    this.#put({ name, read: 0, head: 0, lastMessage: undefined, lastVisit: now(), spoken: false });
    this.#enter(name);
    for (const room of [...this.#entered.keys()].slice(0, -ENTERED)) this.#leave(room);
  }

  /** It is no longer on the screen. */
  left(name: string): void {
    if (this.#open === name) this.#open = undefined;
  }

  /** The seq up to which it was read, as far as it is known. */
  readOf(name: string): number {
    return this.#summaries.get(name)?.read ?? 0;
  }

  /**
   * The seq up to which it had been read when it was opened; only once the list is there. What was
   * said before somebody came for the first time is not new: all of it counts as read.
   */
  beginReading(name: string, upTo: number): number {
    const summary = this.#summaries.get(name);
    const isNew = this.#newcomer.delete(name) && !summary?.read;
    return summary && !isNew ? readUpTo(summary, this.#username) : upTo;
  }

  /** Everything up to this one was read. */
  markRead(name: string, seq: number): void {
    const summary = this.#summaries.get(name);
    // Before the list is there, nobody knows where the unread ones begin.
    if (!summary || !this.#state.loaded || seq <= summary.read) return;
    this.#wasRead(name, seq);
    this.#marks.mark(name, seq);
  }

  /** Takes a room off the list. @throws ParlorClientError */
  async remove(name: string): Promise<void> {
    await this.#client.rest.send('DELETE', `/api/rooms/${encodeURIComponent(name)}/`);
    this.#leave(name);
    this.#summaries.delete(name);
    this.#change({});
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#entered.values()) stop();
    this.#entered.clear();
    this.#marks.close();
  }

  #list(summary: RoomSummary): void {
    const { name, lastVisit } = summary;
    const openedAt = this.#newcomer.get(name);
    // The list may have been read after the visit that is under way.
    const before = openedAt !== undefined && Date.parse(lastVisit) < openedAt - SKEW_MS;
    if (before) this.#newcomer.delete(name);
    this.#learn(summary);
  }

  #wasRead(name: string, seq: number): void {
    const summary = this.#summaries.get(name);
    if (summary) this.#put({ ...summary, read: seq });
  }

  #put(summary: RoomSummary): void {
    this.#learn(summary);
    this.#change({});
  }

  #learn(summary: RoomSummary): void {
    const known = this.#summaries.get(summary.name);
    this.#summaries.set(summary.name, known ? merge(known, summary) : summary);
  }

  #enter(name: string): void {
    if (this.#entered.has(name)) return;
    try {
      this.#watch(this.#client.room(name));
    } catch {
      // The client is closed, or in too many rooms: this one stays as the list said.
    }
  }

  #watch(room: Room): void {
    const update = () => {
      const known = this.#summaries.get(room.name);
      const { upTo, lastMessage, pending } = room.state;
      const [spoken, waiting] = [upTo > 0, pending.length > 0];
      if (known) this.#put({ ...known, head: upTo, lastMessage, spoken, waiting });
    };
    const stops = [
      room.on('state', update),
      // Another log under the same name: what was known of it counts no more.
      room.on('reset', ({ reason, upTo }) => {
        const known = this.#summaries.get(room.name);
        if (reason !== 'foreign' || !known) return;
        const { lastMessage } = room.state;
        this.#summaries.set(room.name, { ...known, read: 0, head: upTo, lastMessage });
        this.#change({});
      }),
    ];
    this.#entered.set(room.name, () => {
      for (const stop of stops) stop();
    });
    update();
  }

  #leave(name: string): void {
    if (name === this.#open) return;
    this.#entered.get(name)?.();
    if (this.#entered.delete(name)) this.#client.room(name).leave();
  }

  #enterMore(count: number): void {
    clearTimeout(this.#timer);
    const next = this.#state.rooms
      .slice(0, ENTERED)
      .filter(({ name }) => !this.#entered.has(name))
      .slice(0, count);
    for (const { name } of next) this.#enter(name);
    if (next.length > 0) this.#timer = setTimeout(() => this.#enterMore(1), PAUSE_MS);
  }

  #change(change: Partial<RoomListState>): void {
    const shown = [...this.#summaries.values()].filter(({ spoken, waiting }) => spoken || waiting);
    const rooms = shown.sort(byActivity);
    this.#state = { ...this.#state, ...change, rooms };
    for (const listener of [...this.#listeners]) listener();
  }
}

const now = () => new Date().toISOString();

/** Pages are linked by whole URLs; whose origin the page is of, whatever the server thinks. */
const pathOf = (link: string) => {
  const { pathname, search } = new URL(link, location.href);
  return pathname + search;
};
