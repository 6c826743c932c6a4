/** A message of one's own that the room's log has not shown yet. */
export interface Draft {
  readonly clientId: string;
  readonly content: string;
  state: 'waiting' | 'sent' | 'stored' | 'failed';
  /** Why it failed, in words for the writer. */
  reason?: string;
}

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
    this.#drafts.push({ clientId, content, state: 'waiting' });
  }

  /** The draft to send now, if none is under way. */
  next(): Draft | undefined {
    if (this.#drafts.some(({ state }) => state === 'sent')) return undefined;
    return this.#drafts.find(({ state }) => state === 'waiting');
  }

  mark(clientId: string, state: Draft['state'], reason?: string): void {
    const draft = this.#drafts.find((each) => each.clientId === clientId);
    if (!draft) return;
    draft.state = state;
    draft.reason = reason ?? '';
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
