import type { Admit } from '../../lambdas/chat/append.ts';
import type { MessagePayload, RoomEvent } from '../../lambdas/chat/event.ts';
import { type HangingPorts, hangingOn } from '../../lambdas/chat/hanging.ts';
import type { Kind, Obsolete, Overlay, Part } from '../../lambdas/chat/overlay.ts';
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

export const deletionOf = (target: number) => ({ type: DELETION, payload: { target } });

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

/** @throws ParlorError `message_deleted` */
export function requireThere(parts: Overlay['parts'], room: string): void {
  if (parts[DELETION]) throw messageDeleted(room);
}

export const messageDeleted = (room: string) =>
  new ParlorError('message_deleted', 'The message has been deleted.', { room });

/**
 * Lets people delete what they said themselves, and superusers what anybody said.
 *
 * @throws ParlorError `message_not_found`, `message_deleted`, `not_your_message`, `room_busy`
 */
export const mayDelete =
  (
    ports: HangingPorts,
    who: { userId: string; superuser: boolean },
    room: string,
    target: number,
  ): Admit =>
  async () => {
    const { message, parts } = await hangingOn(ports, room, target);
    requireOwn(message, who, room);
    requireThere(parts, room);
  };

/** @throws ParlorError `not_your_message` */
export function requireOwn(
  message: RoomEvent,
  { userId, superuser }: { userId: string; superuser: boolean },
  room: string,
): void {
  if (superuser || message.userId === userId) return;
  throw new ParlorError('not_your_message', 'Somebody else said this.', { room });
}
