import {
  type HistoryRange,
  type Message,
  type Parlor,
  ParlorClientError,
  type Room,
  type RoomEvents,
} from '../../client/index.ts';
import { safeText } from './safe-text.ts';
import { alarming, dim } from './style.ts';
import { oneMessage, Transcript } from './transcript.ts';

/** So many of the newest messages are shown when a room is entered, and by each `/history`. */
const PAGE = 20;
/** A message that is not stored after so many milliseconds is shown as one that waits. */
const NOTICE_AFTER_MS = 1_000;

/** Nothing to tell anybody: it was asked for. */
const SILENT: ReadonlySet<string> = new Set(['closed', 'discarded']);

/** The room on the screen. */
export class ShownRoom {
  readonly room: Room;
  readonly #print: (text: string) => void;
  readonly #transcript = new Transcript();
  readonly #stop: (() => void)[];
  /** What came while the newest page was being read. */
  #waiting: Message[] | undefined;
  #oldest = Number.POSITIVE_INFINITY;
  #newest = 0;
  /** Messages of which it was told that they failed. */
  readonly #told = new Set<string>();
  #refused = false;
  /** Whether it was told that the room can't be read, since it could be. */
  #troubled = false;

  constructor(client: Parlor, name: string, print: (text: string) => void) {
    this.room = client.room(name);
    this.#print = print;
    this.#stop = [
      this.room.on('message', (message) => this.#came(message)),
      this.room.on('state', () => this.#look()),
      this.room.on('reset', ({ reason }) => this.#beginAnew(reason)),
    ];
    print(dim(`── ${safeText(this.room.name)} ──`));
    this.#look();
    void this.#showNewest();
  }

  send(content: string): void {
    const waits = setTimeout(
      () => this.#print(dim(`… ${oneMessage(content)} (waits to be sent)`)),
      NOTICE_AFTER_MS,
    );
    this.room
      .send(content)
      .catch((error: unknown) => {
        // One that is kept to be tried again is told by the room's state.
        if (!this.room.state.pending.some((message) => message.error === error)) this.#fail(error);
      })
      .finally(() => clearTimeout(waits));
  }

  /** Older messages than those that were shown. */
  async showOlder(): Promise<void> {
    try {
      const range: HistoryRange = Number.isFinite(this.#oldest) ? { before: this.#oldest } : {};
      const { messages, more } = await this.room.history(range, PAGE);
      const older = new Transcript();
      this.#print(dim(messages.length > 0 ? '── earlier ──' : 'There is nothing before that.'));
      for (const message of messages) this.#print(older.add(message));
      if (messages.length > 0) this.#print(dim(more ? '── later again ──' : '── it began here ──'));
      this.#oldest = messages[0]?.seq ?? this.#oldest;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Tries again what failed. @returns how many */
  retry(): number {
    const failed = this.#failed();
    for (const { clientId } of failed) {
      this.#told.delete(clientId);
      this.room.retry(clientId);
    }
    return failed.length;
  }

  /** Gives up what failed. @returns how many */
  drop(): number {
    const failed = this.#failed();
    for (const { clientId } of failed) this.room.discard(clientId);
    return failed.length;
  }

  /** Shows nothing any more. One stays in the room while something waits to be sent there. */
  hide(): void {
    for (const stop of this.#stop) stop();
    if (this.room.state.pending.length === 0) this.room.leave();
  }

  #came(message: Message): void {
    if (this.#waiting) this.#waiting.push(message);
    else this.#show([message]);
  }

  #beginAnew(reason: RoomEvents['reset']['reason']): void {
    this.#print(
      dim(reason === 'foreign' ? '── the room began anew ──' : '── some are left out ──'),
    );
    // Another log counts from 1.
    if (reason === 'foreign') this.#newest = 0;
    void this.#showNewest();
  }

  #show(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.seq <= this.#newest) continue;
      this.#newest = message.seq;
      this.#oldest = Math.min(this.#oldest, message.seq);
      this.#print(this.#transcript.add(message));
    }
  }

  async #showNewest(): Promise<void> {
    const waiting: Message[] = [];
    this.#waiting = waiting;
    const newest = await this.room.history({}, PAGE).then(
      ({ messages }) => messages,
      () => this.#known(),
    );
    if (this.#waiting !== waiting) return;
    this.#waiting = undefined;
    this.#show([...newest, ...waiting]);
  }

  /** Without a connection: what was there the last time. */
  #known(): readonly Message[] {
    return this.room.tail.messages?.slice(-PAGE) ?? [];
  }

  #failed() {
    return this.room.state.pending.filter(({ status }) => status === 'failed');
  }

  #look(): void {
    const { status, error } = this.room.state;
    if (status === 'refused' && !this.#refused) {
      this.#refused = true;
      this.#fail(error);
    }
    const troubled = error !== undefined && status !== 'refused';
    if (troubled && !this.#troubled) {
      this.#fail(error, 'What is new here can’t be read yet. That is tried again. ');
    }
    this.#troubled = troubled;
    for (const { clientId, content, error: reason } of this.#failed()) {
      if (this.#told.has(clientId)) continue;
      this.#told.add(clientId);
      this.#fail(reason, `Not sent: ${oneMessage(content)}\n`, ' (/retry or /drop)');
    }
  }

  #fail(error: unknown, before = '', after = ''): void {
    if (error instanceof ParlorClientError && SILENT.has(error.code)) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#print(alarming(`${before}${safeText(reason)}${after}`));
  }
}
