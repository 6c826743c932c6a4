import type { Admit, Draft } from '../../lambdas/chat/append.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { type HangingPorts, hangingOn } from '../../lambdas/chat/hanging.ts';
import type { Overlay } from '../../lambdas/chat/overlay.ts';
import type { Clock } from '../../lambdas/chat/ports/clock.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { EDIT_HOURS } from '../../protocol/limits.ts';
import { requireOwn, requireThere } from '../deletions/rules.ts';
import { parseContent } from '../messages/rules.ts';
import { conflict, EDIT, versionOf } from './kind.ts';

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
