import type { Message, PendingMessage } from '../../client/index.ts';
import { isSame } from '../rooms/summary.ts';
import { daysBetween } from './times.ts';

/** What is shown as one message: one that everybody sees, or one that is on its way. */
export interface Line {
  /** The same for an own message on its way and once it is stored, so that it stays in its place. */
  readonly key: string;
  /** Undefined while it is on its way. */
  readonly seq: number | undefined;
  readonly sender: string;
  readonly own: boolean;
  readonly content: string;
  /** When its text was changed, in milliseconds since 1970. */
  readonly editedAt: number | undefined;
  /** Who deleted it; its content is empty then. */
  readonly deletedBy: string | undefined;
  /** The seq of the message that it answers. */
  readonly replyTo: number | undefined;
  /** Of a message of an application's own kind, of which the page shows the fallback text. */
  readonly kind: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly pending: PendingMessage | undefined;
}

/** What stands above or around a line because of the one before it. */
export interface LineSetting {
  /** Another sender than before, after a while, or a reply: the name is shown. */
  readonly leads: boolean;
  /** The first of its day. */
  readonly newDay: boolean;
}

/** One who goes on within this time is not named again. */
const TOGETHER_MS = 5 * 60_000;
/** Pending messages are looked for among the newest so many. */
const RECENT = 50;

/** Makes the lines of one person's window on one room. */
export class Lines {
  readonly #username: string;
  // A message that changes is another object: a line, once made, serves until its message is forgotten.
  readonly #made = new WeakMap<Message | PendingMessage, Line>();
  /** Messages that were shown while they were on their way. */
  readonly #echoed = new Set<string>();

  constructor(username: string) {
    this.#username = username;
  }

  /** @param pending own messages on their way; none where the window does not reach the end */
  of(messages: readonly Message[], pending: readonly PendingMessage[]): Line[] {
    const lines = messages.map((message) => this.#ofMessage(message));
    if (pending.length === 0) return lines;
    // The two come from different places: a message may still be in one and already in the other.
    const stored = new Set(lines.slice(-RECENT).map(({ key }) => key));
    const waiting = pending.map((message) => this.#ofPending(message));
    return [...lines, ...waiting.filter(({ key }) => !stored.has(key))];
  }

  #ofMessage(message: Message): Line {
    const known = this.#made.get(message);
    if (known) return known;
    const { seq, sender, clientId, content, replyTo, kind, timestamp, editedAt, deleted } = message;
    const own = isSame(sender, this.#username);
    const line: Line = {
      key: own && this.#echoed.has(clientId) ? `own-${clientId}` : `seq-${seq}`,
      ...{ seq, sender, own, content, replyTo, kind, pending: undefined },
      editedAt: editedAt === undefined ? undefined : Date.parse(editedAt),
      deletedBy: deleted?.by,
      at: Date.parse(timestamp),
    };
    this.#made.set(message, line);
    return line;
  }

  #ofPending(pending: PendingMessage): Line {
    const known = this.#made.get(pending);
    if (known) return known;
    const { clientId, content, replyTo, kind, createdAt: at } = pending;
    this.#echoed.add(clientId);
    const line: Line = {
      key: `own-${clientId}`,
      ...{ seq: undefined, sender: this.#username, own: true, content, replyTo, kind, at, pending },
      ...{ editedAt: undefined, deletedBy: undefined },
    };
    this.#made.set(pending, line);
    return line;
  }
}

/**
 * How a line is set after the one before it.
 *
 * @param before undefined for the first line of the window
 * @param hasOlder whether others come before that one: then nobody knows yet whether it begins a day
 */
export function settingOf(line: Line, before: Line | undefined, hasOlder: boolean): LineSetting {
  const newDay = before ? daysBetween(before.at, line.at) !== 0 : !hasOlder;
  const goesOn = before?.sender === line.sender && line.at - before.at < TOGETHER_MS;
  // The name of whom it answers stands above a reply: who says it must not be mistaken for that.
  return { newDay, leads: newDay || !goesOn || line.replyTo !== undefined };
}

/**
 * Index of the line above which "new" stands. `none`: nothing is new, or its first is not among
 * the lines. `awaited`: what is new is not among them yet.
 */
export type Unread = number | 'none' | 'awaited';

/**
 * Where the new messages begin. One's own are not new.
 *
 * @param after the seq that was read last; undefined: nothing is new
 * @param hasOlder whether others come before the lines
 */
export function firstUnread(
  lines: readonly Line[],
  after: number | undefined,
  hasOlder: boolean,
): Unread {
  if (after === undefined) return 'none';
  const isNew = ({ seq }: Line) => seq !== undefined && seq > after;
  if (!lines.some(isNew)) return 'awaited';
  const index = lines.findIndex((line) => isNew(line) && !line.own);
  // At the very start of the lines nobody knows whether those before it were read.
  const unknown = index === 0 && hasOlder && lines[0]?.seq !== after + 1;
  return index === -1 || unknown ? 'none' : index;
}
