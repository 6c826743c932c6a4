import type { Admit, Draft } from '../../lambdas/chat/append.ts';
import type { MessagePayload, RoomEvent } from '../../lambdas/chat/event.ts';
import { type HangingPorts, hangingOn } from '../../lambdas/chat/hanging.ts';
import { type Kind, type Overlay, type Part, targetOf } from '../../lambdas/chat/overlay.ts';
import type { Clock } from '../../lambdas/chat/ports/clock.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { EDIT_HOURS } from '../../protocol/limits.ts';
import { restTimestamp } from '../../protocol/timestamp.ts';
import { DELETION, messageDeleted, requireOwn, requireThere } from '../deletions/rules.ts';
import { parseContent } from '../messages/rules.ts';

/** The type of the event, and the name of its part. */
export const EDIT = 'edit';

/** The newest text of a message, and the seq of the edit that brought it: its version. */
interface Edited extends Part {
  readonly seq: number;
  readonly at: number;
  readonly content: string;
}

export interface NewText {
  /** The seq of the message. */
  target: number;
  content: string;
  /** The version that was changed: the seq of its edit, or of the message where there was none. */
  baseVersion: number;
}

/** @throws ParlorError of `parseContent` */
export const editOf = ({ target, content, baseVersion }: NewText) => ({
  type: EDIT,
  payload: { target, content: parseContent(content), baseVersion },
});

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
function versionOf(parts: Overlay['parts'], target: number): number {
  const version = parts[EDIT]?.seq;
  return typeof version === 'number' ? version : target;
}

const conflict = (room: string, version: number, content: unknown) =>
  new ParlorError(
    'edit_conflict',
    `The message was changed meanwhile: its version is ${version}. Look at that, and send your text with it as "baseVersion".`,
    { room, current: { version, content: String(content) } },
  );

/**
 * Lets people change what they said themselves, for a day.
 *
 * @throws ParlorError `message_not_found`, `not_your_message`, `message_deleted`, `edit_too_late`,
 *   `edit_conflict`, `room_busy`
 */
export const mayEdit =
  (
    ports: HangingPorts & { clock: Clock },
    userId: string,
    { room, payload: { target, baseVersion } }: Pick<Draft, 'room'> & ReturnType<typeof editOf>,
  ): Admit =>
  async () => {
    const { message, parts } = await hangingOn(ports, room, target);
    requireOwn(message, { userId, superuser: false }, room);
    requireThere(parts, room);
    if (ports.clock.now() - message.at > EDIT_HOURS * 60 * 60 * 1_000) throw tooLate(room);
    const version = versionOf(parts, target);
    if (version !== baseVersion) throw conflict(room, version, textOf(message, parts));
  };

const textOf = (message: RoomEvent, parts: Overlay['parts']) =>
  parts[EDIT]?.content ?? message.payload.content;

const tooLate = (room: string) =>
  new ParlorError(
    'edit_too_late',
    `A message can be changed for ${EDIT_HOURS} hours. Say what is right in a new one.`,
    { room },
  );
