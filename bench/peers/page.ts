import type { Chart } from '../chart.ts';
import { fixed, median, percent } from '../measure.ts';
import type { Finding, Report, Table } from '../report.ts';
import { WARM_UP_SECONDS } from './load/load.ts';
import type { Measured } from './measure-peer.ts';
import type { Peer } from './peer.ts';
import {
  type Cell,
  cellOf,
  isAhead,
  isDone,
  isWhole,
  LOADS,
  MANY,
  ROWS,
  type Row,
  textOf,
} from './rows.ts';

/** A peer, and what each round measured, by the load's name. */
export interface Tried {
  peer: Peer;
  installed: string;
  rounds: Map<string, Measured>[];
}

export interface Tries {
  /** Parlor first. */
  tried: readonly Tried[];
  /** Why, by the name of the peer. */
  skipped: ReadonlyMap<string, string>;
  /** Of Parlor alone. */
  long: readonly Map<string, Measured>[];
}

const ALL_ROWS: readonly Row[] = Object.values(ROWS);
/** The slowest may wait so long, or else messages come faster than they go. */
const SATURATED_MS = 500;
const CPU_MS = 0.25;
const MESSAGES_PER_SECOND = 400;
const MEMORY_MB = 150;
/** Of ten thousand messages more. */
const GROWTH_MB = 15;

const cellIn = ({ rounds }: Tried, row: Row): Cell =>
  cellOf(
    row,
    rounds.map((round) => round.get(row.load.name)),
  );

export function peersReport(tries: Tries): Report {
  const { tried } = tries;
  const rounds = tried[0]?.rounds.length ?? 0;
  return {
    method: `Each server is started by this script, alone on the machine with one load client: a process that is all members of all rooms over WebSockets, the same for all but for what it says and reads. ${LOADS.turns.seconds} s for each work after ${WARM_UP_SECONDS} s to warm up; ${rounds} round${rounds === 1 ? '' : 's'} in turn, medians. A delivery is a message that reached a member, its sender included. CPU is the server's, with all that it started. Parlor is what \`npm start\` starts, with the highest rate of frames that an operator may allow, since the others limit none; its clients speak \`parlor.v1\`.`,
    findings: findings(tries),
    tables: [numbers(tries), verdicts(tries), stores(tries)],
    charts: charts(tries),
    notes: [
      ...[...tries.skipped].map(([name, why]) => `${name} was skipped: ${why}.`),
      ...broken(tries),
      ...tried
        .filter((one) => aheadIn(tries, one).length > 0)
        .map(({ peer }) => `${peer.name}: ${peer.doesLess}`),
      'Lost is what did not come over the socket. A client of Parlor would find it by its numbers and fetch it; the others have no such numbers, but for Centrifugo.',
    ],
  };
}

const parlorOf = ({ tried }: Tries) => tried[0];
const othersOf = ({ tried }: Tries) => tried.slice(1);

function aheadIn(tries: Tries, one: Tried): Row[] {
  const parlor = parlorOf(tries);
  if (!parlor || one === parlor) return [];
  return ALL_ROWS.filter((row) => isAhead(row, cellIn(one, row), cellIn(parlor, row)));
}

function numbers({ tried }: Tries): Table {
  return {
    title: 'The same work',
    header: ['work', ...tried.map(({ peer }) => peer.name)],
    rows: ALL_ROWS.map((row) => [row.what, ...tried.map((one) => textOf(row, cellIn(one, row)))]),
  };
}

function verdicts(tries: Tries): Table {
  const parlor = parlorOf(tries);
  const others = othersOf(tries);
  return {
    title: 'Who is ahead',
    header: ['work', 'Parlor is ahead of', 'ahead of Parlor, for the reasons below'],
    rows: ALL_ROWS.map((row) => {
      const own: Cell = parlor ? cellIn(parlor, row) : { kind: 'not asked' };
      const names = (list: readonly Tried[]) => list.map(({ peer }) => peer.name).join(', ');
      return [
        row.what,
        names(others.filter((one) => isAhead(row, own, cellIn(one, row)))) || '-',
        names(others.filter((one) => isAhead(row, cellIn(one, row), own))) || 'nobody: won',
      ];
    }),
  };
}

const stores = ({ tried }: Tries): Table => ({
  title: 'What each stores',
  header: ['chat', 'stores'],
  rows: tried.map(({ peer }) => [peer.name, peer.stores]),
});

function broken({ tried }: Tries): string[] {
  return tried.flatMap((one) => {
    const why = new Map<string, string>();
    for (const row of ALL_ROWS) {
      const cell = cellIn(one, row);
      if (cell.kind === 'broke') why.set(row.load.name, cell.why);
    }
    return [...why].map(([load, reason]) => `${one.peer.name} broke at ${load}: ${reason}.`);
  });
}

function findings(tries: Tries): Finding[] {
  const parlor = parlorOf(tries);
  const django = tries.tried.find(({ peer }) => peer.wire === 'channels');
  const finding = (row: Row, target: string, bound: (value: number) => boolean): Finding => {
    const own: Cell = parlor ? cellIn(parlor, row) : { kind: 'not asked' };
    const other: Cell = django ? cellIn(django, row) : { kind: 'not asked' };
    return {
      what: row.what,
      measured: textOf(row, own),
      baseline: `Django Channels ${textOf(row, other)}${ratio(row, own, other)}`,
      target: `${target}ahead of Django`,
      met: isWhole(own) && bound(own.value) && (!isWhole(other) || isAhead(row, own, other)),
    };
  };
  const any = () => true;
  return [
    finding(
      ROWS.rate,
      `at least ${MESSAGES_PER_SECOND}, `,
      (value) => value >= MESSAGES_PER_SECOND,
    ),
    finding(ROWS.turn, '', any),
    finding(ROWS.roomCpu, `at most ${CPU_MS}, `, (value) => value <= CPU_MS),
    finding(ROWS.roomsP50, '', any),
    finding(
      ROWS.roomsP99,
      `below ${SATURATED_MS}: not saturated; `,
      (value) => value < SATURATED_MS,
    ),
    finding(ROWS.roomsCpu, `at most ${CPU_MS}, `, (value) => value <= CPU_MS),
    finding(ROWS.crowdCpu, '', any),
    memory(tries),
  ];
}

/** How far Parlor is ahead of another: less than 1 where it is behind. */
function ratio({ better }: Row, own: Cell, other: Cell): string {
  if (!isWhole(own) || !isWhole(other)) return '';
  const times = better === 'more' ? own.value / other.value : other.value / own.value;
  return `; ${fixed(times, 2)} times better`;
}

/** After twenty thousand messages, and how much of it the second half brought. */
function memory({ long }: Tries): Finding {
  const [first, second] = MANY.map(({ name }) => {
    const all = long.map((round) => round.get(name)).filter((one) => one !== undefined);
    const done = all.filter(isDone);
    return {
      messages: median(done.map(({ messages }) => messages)),
      rssMb: median(done.map(({ rssMb }) => rssMb)),
    };
  });
  const [before, after] = [first?.rssMb ?? Number.NaN, second?.rssMb ?? Number.NaN];
  const messages = (first?.messages ?? 0) + (second?.messages ?? 0);
  return {
    what: `memory of a Parlor after ${messages} messages, MB`,
    measured: `${fixed(after, 0)}`,
    baseline: `the same after ${first?.messages}: ${fixed(before, 0)}`,
    target: `at most ${MEMORY_MB}, and no growth (${GROWTH_MB} at most)`,
    met: after <= MEMORY_MB && after - before <= GROWTH_MB,
  };
}

function charts({ tried }: Tries): Chart[] {
  const labels = tried.map(({ peer }) => peer.name);
  const values = (row: Row) =>
    tried.map((one) => {
      const cell = cellIn(one, row);
      return isWhole(cell) ? cell.value : Number.NaN;
    });
  const lost = `none where more than ${percent(1, 100)} was lost`;
  return [
    {
      ...{ name: 'rate', title: 'Two members, send, wait, again', kind: 'bars', logarithmic: true },
      ...{ unit: 'messages a second', labels },
      series: [{ name: 'rate', values: values(ROWS.rate) }],
    },
    {
      ...{ name: 'cpu', title: "The server's CPU for each delivery", kind: 'bars' },
      ...{ unit: `milliseconds; ${lost}`, labels, logarithmic: true },
      series: [
        { name: '50 members', values: values(ROWS.roomCpu) },
        { name: '10 x 20', values: values(ROWS.roomsCpu) },
        { name: '1,000 members', values: values(ROWS.crowdCpu) },
      ],
    },
    {
      ...{ name: 'latency', title: 'Ten rooms of 20 members, 5 messages a second each' },
      ...{ kind: 'bars', unit: `from send to receipt, milliseconds; ${lost}`, labels },
      logarithmic: true,
      series: [
        { name: 'p50', values: values(ROWS.roomsP50) },
        { name: 'p99', values: values(ROWS.roomsP99) },
      ],
    },
    {
      ...{
        name: 'memory',
        title: 'Memory after all of the work',
        kind: 'bars',
        unit: 'MB',
        labels,
      },
      series: [{ name: 'memory', values: values(ROWS.memory) }],
    },
  ];
}
