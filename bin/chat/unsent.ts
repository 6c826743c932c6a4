import type { Room } from '../../client/index.ts';

/** How many messages are on their way or wait for it; those that failed are not among them. */
export const unsent = (rooms: Iterable<Room>): number =>
  [...rooms]
    .flatMap(({ state }) => state.pending)
    .filter(({ status }) => status === 'queued' || status === 'sending').length;
