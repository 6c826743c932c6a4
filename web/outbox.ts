/** A message of one's own that the room's log has not shown yet. */
export interface Draft {
  readonly clientId: string;
  readonly content: string;
  state: 'waiting' | 'sent' | 'stored' | 'failed';
  /** Why it failed, in words for the writer. */
  reason?: string;
  /** How often it was sent since it was written, or since its writer asked for it again. */
  attempts: number;
}

/** With ten seconds for each, half a minute. */
const ATTEMPTS = 3;

/**
 * Own messages on their way. One is sent at a time: the server handles the frames of a connection
 * at the same time, so that two at once could be stored in either order.
 */
export class Outbox {
  #drafts: Draft[] = [];

  get drafts(): readonly Draft[] {
    return this.#drafts;
  }

  add(content: string, clientId: string = crypto.randomUUID()): void {
    this.#drafts.push({ clientId, content, state: 'waiting', attempts: 0 });
  }

  /** The draft to send now, if none is under way. */
  next(): Draft | undefined {
    if (this.#drafts.some(({ state }) => state === 'sent')) return undefined;
    return this.#drafts.find(({ state }) => state === 'waiting');
  }

  mark(clientId: string, state: Draft['state'], reason?: string): void {
    const draft = this.#drafts.find((each) => each.clientId === clientId);
    if (!draft) return;
    if (state === 'sent') draft.attempts++;
    draft.state = state;
    draft.reason = reason ?? '';
  }

  /** Its writer wants it sent once more. */
  retry(clientId: string): void {
    for (const draft of this.#drafts) if (draft.clientId === clientId) draft.attempts = 0;
    this.mark(clientId, 'waiting');
  }

  /**
   * A draft had no answer, or one that says to try again: it may be stored or not, and is sent
   * again under the same clientId, but not for ever.
   *
   * @param reason why it failed, if it was the last time
   */
  unanswered(clientId: string, reason: string): void {
    const draft = this.#drafts.find((each) => each.clientId === clientId);
    if (draft?.state !== 'sent') return;
    if (draft.attempts < ATTEMPTS) this.mark(clientId, 'waiting');
    else this.mark(clientId, 'failed', reason);
  }

  /** The connection is new: what had no answer on the old one is sent again. */
  requeue(): void {
    for (const draft of this.#drafts) if (draft.state === 'sent') draft.state = 'waiting';
  }

  /** The log has it: it is a message now. */
  settle(clientId: string): void {
    this.#drafts = this.#drafts.filter((draft) => draft.clientId !== clientId);
  }
}
