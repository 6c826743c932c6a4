import { restTimestamp } from '../../protocol/timestamp.ts';
import { isMessage, type Payload, type RoomEvent } from './event.ts';

/** An event of any kind as REST shows it, without its type: its kind's own members stand beside the rest. */
export const bodyOf = <Said extends Payload>({
  payload,
  ...event
}: RoomEvent & { payload: Said }) => ({
  ...{ seq: event.seq, id: event.id, clientId: event.clientId, sender: event.sender },
  ...payload,
  timestamp: restTimestamp(event.at),
  room: event.room,
});

/** The same among events of other kinds. */
export const eventBody = (event: RoomEvent) => ({
  type: event.type,
  ...bodyOf(event),
  ...(event.erased && !isMessage(event) && { erased: true }),
});
