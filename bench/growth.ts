import { headsOf } from '../lambdas/chat/connections.ts';
import { ROOMS_PER_CONNECTION } from '../protocol/limits.ts';
import {
  firstPage,
  IN_ROOM,
  IN_ROOM_NAMES,
  type InRoom,
  joinerOf,
  roomByRoom,
  wholeList,
} from './growth/operations.ts';
import {
  type Cost,
  connectionOf,
  costOf,
  fillRoom,
  fillWithMembers,
  openPlace,
  type Place,
  SOMEBODY,
} from './growth/place.ts';
import { type Curve, type Growth, growthReport, type Sizes } from './growth/report.ts';
import { median } from './measure.ts';
import type { Scenario } from './report.ts';

export const SIZES: Sizes = {
  messages: [10, 100, 1_000, 10_000, 100_000],
  members: [10, 100, 1_000, 10_000],
  rooms: [1, 10, 50, 200, 1_000],
  pinged: [1, 10, ROOMS_PER_CONNECTION],
  repetitions: 101,
};

export const growth: Scenario = {
  name: 'growth',
  title: 'Growth: what grows with messages, members and rooms',
  async run() {
    return growthReport(SIZES, await measureGrowth(SIZES));
  },
};

export async function measureGrowth(sizes: Sizes): Promise<Growth> {
  const place = await openPlace();
  try {
    const byMessages = await inRooms(place, sizes.messages, sizes.repetitions, (room, size) =>
      fillRoom(place, room, size),
    );
    const byMembers = await inRooms(place, sizes.members, sizes.repetitions, async (room, size) => {
      await fillRoom(place, room, 100);
      await fillWithMembers(place, room, size);
    });
    const pinged = sizes.pinged.map((count) => names('pinged', count));
    for (const room of pinged.at(-1) ?? []) await fillRoom(place, room, 1);
    const ping = await inTurn(pinged, sizes.repetitions, (rooms) =>
      costOf(place, () => headsOf(place.services, connectionOf(SOMEBODY, rooms))),
    );
    return { byMessages, byMembers, ping, list: await lists(sizes) };
  } finally {
    await place.close();
  }
}

const names = (kind: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${kind}-${n}`);

/** What is done in a room of each size; the sizes take turns. */
async function inRooms(
  place: Place,
  sizes: readonly number[],
  repetitions: number,
  fill: (room: string, size: number) => Promise<void>,
): Promise<Record<InRoom, Curve>> {
  const rooms: { room: string; messages: number }[] = [];
  for (const size of sizes) {
    const room = `room-${rooms.length}-${sizes.length}`;
    await fill(room, size);
    await place.services.connections.add(joinerOf(room));
    rooms.push({ room, messages: (await place.services.log.head(room)).seq });
  }
  const curves = {} as Record<InRoom, Curve>;
  for (const name of IN_ROOM_NAMES) {
    curves[name] = await inTurn(rooms, repetitions, ({ room, messages }) =>
      costOf(place, () => IN_ROOM[name](place, room, messages)),
    );
  }
  return curves;
}

/** Each list of rooms is in a table of its own, since it is somebody's. */
async function lists({ rooms, repetitions }: Sizes): Promise<Growth['list']> {
  const places: Place[] = [];
  try {
    for (const count of rooms) {
      const place = await openPlace();
      places.push(place);
      for (const [n, room] of names('listed', count).entries()) {
        await fillRoom(place, room, 3);
        await place.services.memberships.visit(SOMEBODY, room, n + 1);
      }
    }
    const few = Math.max(1, Math.round(repetitions / 10));
    return {
      'first page': await inTurn(places, repetitions, (place) =>
        costOf(place, () => firstPage(place)),
      ),
      whole: await inTurn(places, few, (place) => costOf(place, () => wholeList(place))),
      'room by room': await inTurn(places, few, (place) =>
        costOf(place, () => wholeList(roomByRoom(place))),
      ),
    };
  } finally {
    for (const place of places) await place.close();
  }
}

/** The median time of each, and the calls and units of the last; the first of all are to warm up. */
async function inTurn<Subject>(
  subjects: readonly Subject[],
  repetitions: number,
  measure: (subject: Subject) => Promise<Cost>,
): Promise<Curve> {
  const costs: Cost[][] = subjects.map(() => []);
  for (let n = -2; n < repetitions; n++) {
    for (const [index, subject] of subjects.entries()) {
      const cost = await measure(subject);
      if (n >= 0) costs[index]?.push(cost);
    }
  }
  return costs.map((of) => {
    const last = of.at(-1);
    if (!last) throw new Error('Nothing was measured.');
    return { ...last, ms: median(of.map(({ ms }) => ms)) };
  });
}
