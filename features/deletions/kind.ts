import type { MessagePayload } from '../../lambdas/chat/event.ts';
import type { Kind, Obsolete, Part } from '../../lambdas/chat/overlay.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { restTimestamp } from '../../protocol/timestamp.ts';

/** The type of the event, and the name of its part. */
export const DELETION = 'deletion';

/** What is left of a deleted message, beside its place: who deleted it, and when. */
interface Deleted extends Part {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
}

export const deletion: Kind = {
  fold(parts, { seq, at, sender, payload }) {
    if (parts[DELETION]) return undefined;
    const deleted: Deleted = { seq, at, by: sender };
    // An edit's part holds the text.
    const { edit, ...rest } = parts;
    const obsolete: Obsolete[] = [{ seq: Number(payload.target), what: 'payload' }];
    if (typeof edit?.seq === 'number') obsolete.push({ seq: edit.seq, what: 'content' });
    return { parts: { ...rest, [DELETION]: deleted }, obsolete };
  },

  show(_, part): MessagePayload {
    const { at, by } = part as Deleted;
    return { content: '', deleted: { by, at: restTimestamp(at) } };
  },
};

export const messageDeleted = (room: string) =>
  new ParlorError('message_deleted', 'The message has been deleted.', { room });
