import { type OperationId, operations } from '../../../protocol/rest.ts';
import { hangingOn } from '../../chat/hanging.ts';
import type { Call } from './call.ts';
import { type HttpAnswer, json } from './events.ts';
import type { HttpServices } from './handler.ts';
import { historyRange, parseVisitCursor } from './paging.ts';
import { readableRoom } from './readable-room.ts';

/** What is served by GET. */
type ReadId = {
  [Id in OperationId]: (typeof operations)[Id]['method'] extends 'GET' ? Id : never;
}[OperationId];

/**
 * HEAD says whether GET would be served, and as what; of lists it reads nothing that nobody will see. So it
 * has none of the headers that tell of the contents, as RFC 9110 (9.3.2) lets it: `oldHistory` gives no
 * Link. One function for each operation that is read: a missing one doesn't compile.
 */
const checks: {
  [Id in ReadId]: (services: HttpServices, call: Call<Id>) => Promise<unknown>;
} = {
  whoAmI: async () => {},
  listRooms: async (_, { query }) => query.cursor !== undefined && parseVisitCursor(query.cursor),
  async listMessages(services, call) {
    await readableRoom(services, call);
    historyRange(call.query);
  },
  async getMessage(services, call) {
    await hangingOn(services, await readableRoom(services, call), call.seq);
  },
  listEvents: readableRoom,
  oldHistory: readableRoom,
};

const isRead = (id: OperationId): id is ReadId => operations[id].method === 'GET';

/** @throws ParlorError whatever GET would refuse without a look into the room's log */
export async function answerHead(
  services: HttpServices,
  id: OperationId,
  call: Call<OperationId>,
): Promise<HttpAnswer> {
  // The router serves HEAD only where there is a GET.
  if (!isRead(id)) throw new TypeError(`${id} is not served by GET.`);
  // The call was parsed for this very operation; TypeScript can't follow that through the look-up.
  const check = checks[id] as (services: HttpServices, call: Call<OperationId>) => Promise<unknown>;
  await check(services, call);
  return { ...json(200, null), body: '' };
}
