import { parseRoomName } from '../../../protocol/names.ts';
import { removed } from '../../chat/connections.ts';
import type { Call } from './call.ts';
import type { HttpServices } from './handler.ts';

/**
 * The room of a call, if the caller may read it.
 *
 * @throws ParlorError `room_name_invalid`, `removed_from_room`
 */
export async function readableRoom(
  { memberships }: Pick<HttpServices, 'memberships'>,
  { room: name, account, notes }: Pick<Call<'listMessages'>, 'room' | 'account' | 'notes'>,
): Promise<string> {
  const room = parseRoomName(name);
  notes.room = room;
  if (await memberships.isRemoved(account.id, room)) throw removed(room);
  return room;
}
