import { headsOf, joinRoom } from '../../lambdas/chat/connections.ts';
import { readHistory, replay } from '../../lambdas/chat/history.ts';
import { listRooms } from '../../lambdas/chat/room-list.ts';
import { pageBound } from '../../lambdas/edge/http/paging.ts';
import { connectionOf, type Place, SOMEBODY } from './place.ts';

/** The smallest room holds so many messages: a page of more would be another page there. */
export const PAGE = 10;

/** What somebody does in one room, which may have grown. */
export const IN_ROOM = {
  'newest page': ({ services }: Place, room: string) =>
    readHistory(services, room, undefined, pageOf10),
  'older page': ({ services }: Place, room: string, messages: number) =>
    readHistory(services, room, { before: messages / 2 + PAGE }, pageOf10),
  replay: ({ services }: Place, room: string, messages: number) =>
    replay(services, room, messages - PAGE, pageOf10),
  join: async (place: Place, room: string) => {
    // Its row says that it is in the room from the first time on; the writes stay the same.
    return await joinRoom(place.services, joinerOf(room), room);
  },
  ping: ({ services }: Place, room: string) => headsOf(services, connectionOf(SOMEBODY, [room])),
} as const;
export type InRoom = keyof typeof IN_ROOM;
export const IN_ROOM_NAMES = Object.keys(IN_ROOM) as InRoom[];

/** Who joins a room, by a connection that is elsewhere. */
export const joinerOf = (room: string) => connectionOf(`joiner-${room}`, ['elsewhere']);

const pageOf10 = pageBound({ limit: PAGE }, (event) => event);

/** What somebody does with all of his rooms. */
export const firstPage = ({ services }: Place) =>
  listRooms(
    services,
    SOMEBODY,
    pageBound({}, (room) => room),
  );

/** Every page of the list. @returns how many rooms there are */
export async function wholeList({ services }: Pick<Place, 'services'>): Promise<number> {
  let rooms = 0;
  let next: Awaited<ReturnType<typeof listRooms>>['next'];
  do {
    const page = await listRooms(
      services,
      SOMEBODY,
      pageBound({}, (room) => room),
      next,
    );
    rooms += page.rooms.length;
    next = page.next;
  } while (next);
  return rooms;
}

/** The same by two reads for each room: the baseline. */
export function roomByRoom({ services }: Place): Pick<Place, 'services'> {
  const { memberships, log } = services;
  return {
    services: {
      ...services,
      memberships: {
        ...memberships,
        findAll: (userId, rooms) =>
          Promise.all(rooms.map((room) => memberships.find(userId, room))),
      },
      log: {
        ...log,
        newest: (rooms) =>
          Promise.all(
            rooms.map(
              async (room) => (await log.readBackward(room, Number.MAX_SAFE_INTEGER, 1))[0],
            ),
          ),
      },
    },
  };
}
