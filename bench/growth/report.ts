import { PAGE_DEFAULT, ROOMS_PER_CONNECTION } from '../../protocol/limits.ts';
import { fixed } from '../measure.ts';
import type { Finding, Report } from '../report.ts';
import { IN_ROOM_NAMES, type InRoom, PAGE } from './operations.ts';
import type { Cost } from './place.ts';

/** From the smallest to the largest. */
export interface Sizes {
  messages: readonly number[];
  members: readonly number[];
  rooms: readonly number[];
  pinged: readonly number[];
  repetitions: number;
}

/** What one operation took at each size. */
export type Curve = readonly Cost[];

export interface Growth {
  byMessages: Record<InRoom, Curve>;
  byMembers: Record<InRoom, Curve>;
  /** The room list's first page, all of its pages, and all of them by two reads a room. */
  list: Record<'first page' | 'whole' | 'room by room', Curve>;
  /** A ping of a connection in several rooms. */
  ping: Curve;
}

/** How much slower the largest may be: chance is some of it. */
const MOST_TIMES = 2;

const times = (curve: Curve): number[] =>
  curve.map(({ ms }) => fixed(ms / (curve[0]?.ms ?? Number.NaN), 2));

/** Exact: the same at every size. */
const isFlat = (curve: Curve): boolean =>
  curve.every(({ calls, units }) => calls === curve[0]?.calls && units === curve[0]?.units);

export function growthReport(sizes: Sizes, measured: Growth): Report {
  const { byMessages, byMembers, list, ping } = measured;
  const perRoom = (curve: Curve) =>
    curve.map(({ ms }, index) => fixed(ms / (sizes.rooms[index] ?? 1), 3));
  return {
    method: `The use cases and stores that are deployed, on the embedded engine in a file, as \`npm start\` has it. Calls and units are what the engine says of each call (ReturnConsumedCapacity), and exact. Times are of CPU, the table’s work included: medians of ${sizes.repetitions} (of a tenth as many for whole lists), sizes in turn. Read them as multiples of the smallest size. Pages in a room are of ${PAGE} messages of 100 bytes, so that the smallest room fills one; the room list’s are of ${PAGE_DEFAULT}, its rooms quiet, with three messages each.`,
    findings: [
      flat('messages', sizes.messages, byMessages),
      flat('members', sizes.members, byMembers),
      ...listFindings(sizes, list),
    ],
    tables: [
      { title: 'By messages in the room', ...rowsOf('messages', sizes.messages, byMessages) },
      { title: 'By members of the room', ...rowsOf('members', sizes.members, byMembers) },
      { title: 'By rooms of a person', ...rowsOf('rooms', sizes.rooms, list) },
      { title: 'A ping, by rooms of the connection', ...rowsOf('rooms', sizes.pinged, { ping }) },
    ],
    charts: [
      lines('messages', 'CPU by messages in the room', sizes.messages, byMessages),
      lines('members', 'CPU by members of the room', sizes.members, byMembers),
      {
        name: 'rooms',
        title: 'A whole room list: CPU for each room',
        kind: 'lines',
        unit: 'milliseconds of CPU, by rooms of a person',
        labels: sizes.rooms.map(String),
        series: [
          { name: 'batched', values: perRoom(list.whole) },
          { name: 'room by room', values: perRoom(list['room by room']) },
        ],
      },
    ],
    notes: [
      'A send grows with the members that it reaches: see hot-room and fan-out.',
      `A whole room list grows with its rooms, since it tells of each. A page of it doesn’t. From ten rooms on, 3.5 read units a room buy it few calls; two reads a room take 2.`,
      `A ping takes one read unit for each room of the connection, of which there are at most ${ROOMS_PER_CONNECTION}, all of them at once: they grow in CPU, and hardly in time. A batch would take 2.5 units a room, and a ping comes every minute or so.`,
    ],
  };
}

function flat(what: string, sizes: readonly number[], curves: Record<InRoom, Curve>): Finding {
  const grown = IN_ROOM_NAMES.filter((name) => !isFlat(curves[name]));
  const slowest = Math.max(...IN_ROOM_NAMES.map((name) => times(curves[name]).at(-1) ?? 0));
  const [least = 0, most = 0] = [sizes[0], sizes.at(-1)];
  return {
    what: `${IN_ROOM_NAMES.join(', ')}: from ${least} to ${most.toLocaleString('en')} ${what}`,
    measured: `${grown.length === 0 ? 'the same calls and units' : `more for ${grown.join(', ')}`}; at most ${slowest} times the CPU`,
    baseline: `a room of ${least} ${what}`,
    target: `the same, and at most ${MOST_TIMES} times the CPU`,
    met: grown.length === 0 && slowest <= MOST_TIMES,
  };
}

function listFindings(sizes: Sizes, list: Growth['list']): Finding[] {
  const [whole, plain] = [list.whole.at(-1), list['room by room'].at(-1)];
  const rooms = sizes.rooms.at(-1) ?? 1;
  const full = list['first page'].filter((_, index) => (sizes.rooms[index] ?? 0) >= PAGE_DEFAULT);
  const [first, last] = [full[0], full.at(-1)];
  if (!whole || !plain || !first || !last) throw new Error('A size is missing.');
  return [
    {
      what: `the room list’s first page: from ${PAGE_DEFAULT} to ${rooms.toLocaleString('en')} rooms`,
      measured: `${last.calls} calls, ${last.units} units; ${fixed(last.ms / first.ms, 2)} times the CPU`,
      baseline: `${first.calls} calls, ${first.units} units`,
      target: `the same, and at most ${MOST_TIMES} times the CPU`,
      met: isFlat(full) && last.ms <= MOST_TIMES * first.ms,
    },
    {
      what: `a whole list of ${rooms.toLocaleString('en')} rooms: calls`,
      measured: `${whole.calls}, ${fixed(whole.ms / rooms, 3)} ms a room`,
      baseline: `two reads a room ${plain.calls}, ${fixed(plain.ms / rooms, 3)} ms a room`,
      target: 'a tenth',
      met: whole.calls <= plain.calls / 10,
    },
  ];
}

function rowsOf(what: string, sizes: readonly number[], curves: Readonly<Record<string, Curve>>) {
  return {
    header: ['operation', what, 'calls', 'units', 'CPU, ms', 'times the smallest'],
    rows: Object.entries(curves).flatMap(([name, curve]) =>
      curve.map(({ calls, units, ms }, index) => [
        name,
        sizes[index] ?? Number.NaN,
        ...[calls, units, fixed(ms, 3), times(curve)[index] ?? Number.NaN],
      ]),
    ),
  };
}

const lines = (
  name: string,
  title: string,
  sizes: readonly number[],
  curves: Record<InRoom, Curve>,
) => ({
  name,
  title,
  kind: 'lines' as const,
  unit: `times that of ${sizes[0]} ${name}`,
  labels: sizes.map((size) => size.toLocaleString('en')),
  series: IN_ROOM_NAMES.map((each) => ({ name: each, values: times(curves[each]) })),
});
