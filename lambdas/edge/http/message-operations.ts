import { deletionOf, mayDelete } from '../../../features/deletions/rules.ts';
import { editOf, mayEdit } from '../../../features/edits/rules.ts';
import { bodyOf } from '../../chat/event-bodies.ts';
import { tooFast } from '../../chat/flood-gate.ts';
import { hangingOn } from '../../chat/hanging.ts';
import { shown } from '../../chat/project.ts';
import { publishAndWait } from '../../chat/publish.ts';
import { noteFanOut } from '../journal.ts';
import type { Call } from './call.ts';
import { type HttpAnswer, json } from './events.ts';
import type { HttpServices, Operations } from './handler.ts';
import { readableRoom } from './readable-room.ts';

/** /api/rooms/{room}/messages/{seq}/. */
export const messageOperations = {
  async getMessage(services, call) {
    const room = await readableRoom(services, call);
    return await messageAsItIs(services, room, call.seq);
  },

  async editMessage(services, call) {
    const { body, headers, seq, account } = call;
    const author = await authorOf(services, call);
    const { room } = author;
    const text = { ...author, ...editOf({ ...body, target: seq }) };
    const draft = { ...text, clientId: headers['idempotency-key'], after: body.after };
    const admit = mayEdit(services, account.id, text);
    const { fanOut } = await publishAndWait(services, draft, admit);
    noteFanOut(call.notes, fanOut);
    return await messageAsItIs(services, room, seq);
  },

  async deleteMessage(services, call) {
    const { seq, account } = call;
    const author = await authorOf(services, call);
    const { room } = author;
    const who = { userId: account.id, superuser: account.superuser };
    const admit = mayDelete(services, who, room, seq);
    const { fanOut } = await publishAndWait(services, { ...author, ...deletionOf(seq) }, admit);
    noteFanOut(call.notes, fanOut);
    return await messageAsItIs(services, room, seq);
  },
} satisfies Partial<Operations<HttpServices>>;

/** @throws ParlorError `removed_from_room`, `rate_limited` */
async function authorOf(services: HttpServices, call: Call<'editMessage' | 'deleteMessage'>) {
  const { account } = call;
  const room = await readableRoom(services, call);
  const { budget, clock } = services;
  if (!(await budget.draw(account.id, 1, clock.now()))) throw tooFast();
  return { room, userId: account.id, sender: account.username };
}

/** Also where another pump is behind with what hangs on it. */
async function messageAsItIs(
  services: HttpServices,
  room: string,
  seq: number,
): Promise<HttpAnswer> {
  const { message, parts } = await hangingOn(services, room, seq);
  return json(200, bodyOf(shown(services.kinds, message, { parts })));
}
