import type { MessagePayload } from '../../lambdas/chat/event.ts';
import { type Kind, type Overlay, type Part, targetOf } from '../../lambdas/chat/overlay.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { restTimestamp } from '../../protocol/timestamp.ts';
import { DELETION, messageDeleted } from '../deletions/kind.ts';

/** The type of the event, and the name of its part. */
export const EDIT = 'edit';

/** The newest text of a message, and the seq of the edit that brought it: its version. */
interface Edited extends Part {
  readonly seq: number;
  readonly at: number;
  readonly content: string;
}

export const edit: Kind = {
  refuses(draft, stored) {
    if (targetOf(stored) !== targetOf(draft)) return undefined;
    if (stored.type === DELETION) return messageDeleted(draft.room);
    return stored.type === EDIT
      ? conflict(draft.room, stored.seq, stored.payload.content)
      : undefined;
  },

  fold(parts, { seq, at, payload, erased }) {
    // Of what was replaced or deleted since.
    if (erased) return undefined;
    // It came too late: nothing of it is to be left.
    if (parts[DELETION]) return { parts, obsolete: [{ seq, what: 'content' }] };
    const edited: Edited = { seq, at, content: String(payload.content) };
    const before = versionOf(parts, Number(payload.target));
    return { parts: { ...parts, [EDIT]: edited }, obsolete: [{ seq: before, what: 'content' }] };
  },

  show(payload, part): MessagePayload {
    const { seq, at, content } = part as Edited;
    return { ...payload, content, version: seq, editedAt: restTimestamp(at) };
  },
};

/** The version of a message. */
export function versionOf(parts: Overlay['parts'], target: number): number {
  const version = parts[EDIT]?.seq;
  return typeof version === 'number' ? version : target;
}

export const conflict = (room: string, version: number, content: unknown) =>
  new ParlorError(
    'edit_conflict',
    `The message was changed meanwhile: its version is ${version}. Look at that, and send your text with it as "baseVersion".`,
    { room, current: { version, content: String(content) } },
  );
