import type { Admit } from '../../lambdas/chat/append.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { type HangingPorts, hangingOn } from '../../lambdas/chat/hanging.ts';
import type { Overlay } from '../../lambdas/chat/overlay.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { DELETION, messageDeleted } from './kind.ts';

export const deletionOf = (target: number) => ({ type: DELETION, payload: { target } });

/** @throws ParlorError `message_deleted` */
export function requireThere(parts: Overlay['parts'], room: string): void {
  if (parts[DELETION]) throw messageDeleted(room);
}

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
