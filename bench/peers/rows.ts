import { median } from '../measure.ts';
import type { Load, Loaded } from './load/load.ts';
import type { Done, Measured } from './measure-peer.ts';

const SECONDS = 8;
const steady = (perSecond: number) => ({ kind: 'steady', perSecond }) as const;
const TURNS = { kind: 'turns' } as const;

export const LOADS = {
  turns: { name: '2 members', rooms: 1, members: 2, pace: TURNS, seconds: SECONDS },
  room: { name: '50 members', rooms: 1, members: 50, pace: steady(20), seconds: SECONDS },
  rooms: { name: '10 rooms', rooms: 10, members: 20, pace: steady(5), seconds: SECONDS },
  crowd: { name: '1,000 members', rooms: 1, members: 1_000, pace: steady(10), seconds: SECONDS },
} as const satisfies Record<string, Load>;

/** Twice, by a server of its own: what it takes the second time is growth. */
const many = { rooms: 10, members: 2, pace: TURNS, seconds: 100, messages: 10_000 };
export const MANY = [
  { name: '10,000 messages', ...many },
  { name: '10,000 more', ...many },
] as const satisfies Load[];

/** A line of the table: a number of one of the loads. */
export interface Row {
  what: string;
  load: Load;
  better: 'more' | 'less';
  places: number;
  /** A number that says something even of a server that lost messages. */
  despiteLoss?: true;
  value(done: Done): number;
}

const cpu = ({ cpuMs, deliveries }: Loaded) => cpuMs / deliveries;

export const ROWS = {
  rate: {
    what: '2 members, send, wait, again: messages a second',
    load: LOADS.turns,
    better: 'more',
    places: 0,
    value: ({ messages, seconds }) => messages / seconds,
  },
  turn: {
    what: 'the same: p50 ms',
    load: LOADS.turns,
    better: 'less',
    places: 2,
    value: ({ p50 = Number.NaN }) => p50,
  },
  roomCpu: {
    what: '50 members, 20 messages/s: CPU ms a delivery',
    load: LOADS.room,
    better: 'less',
    places: 3,
    value: cpu,
  },
  roomsP50: {
    what: '10 rooms x 20 members x 5 messages/s: p50 ms',
    load: LOADS.rooms,
    better: 'less',
    places: 1,
    value: ({ p50 = Number.NaN }) => p50,
  },
  roomsP99: {
    what: 'the same: p99 ms',
    load: LOADS.rooms,
    better: 'less',
    places: 1,
    value: ({ p99 = Number.NaN }) => p99,
  },
  roomsCpu: {
    what: 'the same: CPU ms a delivery',
    load: LOADS.rooms,
    better: 'less',
    places: 3,
    value: cpu,
  },
  crowdCpu: {
    what: '1,000 members, 10 messages/s: CPU ms a delivery',
    load: LOADS.crowd,
    better: 'less',
    places: 3,
    value: cpu,
  },
  memory: {
    what: 'memory after all of these, MB',
    load: LOADS.crowd,
    better: 'less',
    places: 0,
    despiteLoss: true,
    value: ({ rssMb }) => rssMb,
  },
} as const satisfies Record<string, Row>;

/** More of it lost makes a number no answer to the same question. */
const MOST_LOST = 0.01;

/** What several rounds say of one row. */
export type Cell =
  | { kind: 'value'; value: number /** A share of 1. */; lost: number }
  | { kind: 'broke'; why: string }
  | { kind: 'not asked' };

export const isDone = (measured: Measured): measured is Done => !('broke' in measured);

/** Medians; of a load that broke more often than not, why. */
export function cellOf(row: Row, rounds: readonly (Measured | undefined)[]): Cell {
  const asked = rounds.filter((round) => round !== undefined);
  const good = asked.filter(isDone);
  const broke = asked.find((round) => 'broke' in round);
  if (broke && good.length * 2 <= asked.length) return { kind: 'broke', why: broke.broke };
  if (good.length === 0) return { kind: 'not asked' };
  return {
    kind: 'value',
    value: median(good.map(row.value)),
    lost: row.despiteLoss ? 0 : median(good.map(({ deliveries, due }) => 1 - deliveries / due)),
  };
}

/** Whether it did the work. */
export const isWhole = (cell: Cell): cell is Cell & { kind: 'value' } =>
  cell.kind === 'value' && cell.lost <= MOST_LOST && Number.isFinite(cell.value);

/** Whether one did the work, and better than another or instead of it. */
export function isAhead({ better }: Row, one: Cell, other: Cell): boolean {
  if (!isWhole(one)) return false;
  if (!isWhole(other)) return other.kind !== 'not asked';
  return better === 'more' ? one.value > other.value : one.value < other.value;
}

export function textOf({ places }: Row, cell: Cell): string {
  if (cell.kind === 'not asked') return '-';
  if (cell.kind === 'broke') return 'broke';
  const { value, lost } = cell;
  const loss = lost > 0 ? `${(100 * lost).toFixed(1)} % lost` : '';
  if (!Number.isFinite(value)) return loss;
  const number = value.toLocaleString('en', { maximumFractionDigits: places });
  return loss ? `${number} (${loss})` : number;
}
