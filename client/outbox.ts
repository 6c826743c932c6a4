import type { ParlorClientError } from './errors.ts';
import { parseExtras } from './parse.ts';
import type { OutboxEntry } from './store.ts';
import type { PendingMessage, Stored } from './types.ts';
import type { WithStore } from './with-store.ts';

/** A message on its way; only its outbox changes it. */
export interface Draft {
  entry: OutboxEntry;
  status: PendingMessage['status'];
  error?: ParlorClientError | undefined;
  /** How often it was sent. */
  attempts: number;
  /** Its place in the log, once it is stored. */
  seq: number;
  /** Its writer, who hears of its first end. */
  writer?: { resolve(stored: Stored): void; reject(error: ParlorClientError): void };
}

/** A room's own messages on their way, in the order in which they were written. */
export class Outbox {
  readonly #withStore: WithStore;
  #drafts: Draft[] = [];

  constructor(withStore: WithStore) {
    this.#withStore = withStore;
  }

  get pending(): PendingMessage[] {
    return this.#drafts.map(({ entry, status, error }) => ({
      clientId: entry.clientId,
      content: entry.content,
      createdAt: entry.createdAt,
      ...parseExtras({ ...entry }),
      status,
      error,
    }));
  }

  /** What a client before this one left; it comes before what is written from now on. */
  adopt(entries: readonly OutboxEntry[]): void {
    const known = new Set(this.#drafts.map(({ entry }) => entry.clientId));
    const adopted = entries.filter(({ clientId }) => !known.has(clientId)).map(draftOf);
    adopted.sort(({ entry: a }, { entry: b }) => a.createdAt - b.createdAt || a.order - b.order);
    this.#drafts = [...adopted, ...this.#drafts];
  }

  /** @returns when the log has it */
  add(written: Omit<OutboxEntry, 'order'>): Promise<Stored> {
    const before = this.#drafts.at(-1)?.entry;
    // After the one before, also where the clock was set back.
    const createdAt = Math.max(written.createdAt, before?.createdAt ?? 0);
    const entry = { ...written, createdAt, order: (before?.order ?? 0) + 1 };
    const draft = draftOf(entry);
    this.#drafts.push(draft);
    void this.#withStore((store) => store.putOutbox(entry));
    const stored = new Promise<Stored>((resolve, reject) => {
      draft.writer = { resolve, reject };
    });
    // An application that looks at `pending` instead of waiting has been told of a failure by it.
    stored.catch(() => {});
    return stored;
  }

  /** The draft to send now: the first that is queued, if none is on its way. */
  next(): Draft | undefined {
    if (this.#drafts.some(({ status }) => status === 'sending')) return undefined;
    return this.#drafts.find(({ status }) => status === 'queued');
  }

  find(clientId: string): Draft | undefined {
    return this.#drafts.find(({ entry }) => entry.clientId === clientId);
  }

  /** The entry's `after` is another one now; kept before it is relied on. */
  async moveAfter(draft: Draft, after: number): Promise<void> {
    // What is gone must not be kept again.
    if (draft.entry.after === after || !this.#drafts.includes(draft)) return;
    const entry = { ...draft.entry, after };
    draft.entry = entry;
    await this.#withStore((store) => store.putOutbox(entry));
  }

  sending(draft: Draft): void {
    draft.status = 'sending';
    draft.attempts++;
  }

  /** It may be stored or not: it is sent again. */
  requeue(draft: Draft): void {
    if (draft.status === 'sending') draft.status = 'queued';
  }

  /** The connection is gone: whatever was on its way is sent again. */
  requeueAll(): void {
    for (const draft of this.#drafts) this.requeue(draft);
  }

  /**
   * It is in the log.
   *
   * @param shown whether its event has come: then the echo goes
   */
  settle(stored: Stored, shown: boolean): void {
    const draft = this.find(stored.clientId);
    if (!draft) return;
    const { seq, id, clientId, timestamp } = stored;
    draft.writer?.resolve({ seq, id, clientId, timestamp });
    if (draft.status !== 'stored') this.#forget(draft);
    draft.status = 'stored';
    draft.error = undefined;
    draft.seq = seq;
    if (shown) this.#drop(draft);
  }

  /** Events up to this seq won't come any more: nor will those of what is stored there. */
  skipped(upTo: number): void {
    this.#drafts = this.#drafts.filter(({ status, seq }) => status !== 'stored' || seq > upTo);
  }

  /** It will never be taken. It stays, also in the store, until its writer says what to do. */
  fail(draft: Draft, error: ParlorClientError): void {
    if (draft.status === 'stored') return;
    draft.status = 'failed';
    draft.error = error;
    draft.writer?.reject(error);
  }

  failAll(error: ParlorClientError): void {
    for (const draft of this.#drafts) this.fail(draft, error);
  }

  retry(clientId: string): void {
    const draft = this.find(clientId);
    if (draft?.status !== 'failed') return;
    draft.status = 'queued';
    draft.error = undefined;
    draft.attempts = 0;
  }

  discard(clientId: string, error: ParlorClientError): void {
    const draft = this.find(clientId);
    // One that was sent before may be stored yet: it can't be taken back.
    const unsent = draft?.status === 'queued' && draft.attempts === 0;
    if (!draft || !(unsent || draft.status === 'failed')) return;
    draft.writer?.reject(error);
    this.#drop(draft);
    this.#forget(draft);
  }

  /**
   * It ends, and the messages stay in the store: nobody can wait for them here.
   *
   * @returns those that are not known to be stored
   */
  abandon(error: ParlorClientError): OutboxEntry[] {
    const unsent = this.#drafts.filter(({ status }) => status !== 'stored');
    for (const draft of unsent) draft.writer?.reject(error);
    this.#drafts = [];
    return unsent.map(({ entry }) => entry);
  }

  #forget({ entry: { room, clientId } }: Draft): void {
    void this.#withStore((store) => store.removeOutbox(room, clientId));
  }

  #drop(dropped: Draft): void {
    this.#drafts = this.#drafts.filter((draft) => draft !== dropped);
  }
}

const draftOf = (entry: OutboxEntry): Draft => ({ entry, status: 'queued', attempts: 0, seq: 0 });
