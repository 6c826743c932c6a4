import { parseRoomName } from '../../../protocol/names.ts';
import { changeAccount, requireSuperuser, setRemoved } from '../../chat/moderation.ts';
import { json } from './events.ts';
import type { HttpServices, Operations } from './handler.ts';

/** What superusers may do to others. */
export const moderationOperations = {
  async changeMember(services, { room: name, body, account, notes }) {
    requireSuperuser(account);
    const room = parseRoomName(name);
    notes.room = room;
    notes.target = await setRemoved(services, body.username, room, body.removed);
    return json(200, body);
  },

  async changeAccount(services, { body, account, notes }) {
    requireSuperuser(account);
    notes.target = await changeAccount(services, account, body.username, body);
    return json(200, body);
  },
} satisfies Partial<Operations<HttpServices>>;
