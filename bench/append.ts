import { type Outcome, runRoom, type Way } from './append/room.ts';
import { fixed, percentile } from './measure.ts';
import type { Report, Scenario } from './report.ts';

const RATES = [1, 10, 50, 100, 200, 500, 1_000];
const WAYS = ['plain', 'group'] as const;
/** Messages in a run, about; the rare ones need long runs. */
const MESSAGES = 6_000;
const LONGEST_S = 300;
const SHORTEST_S = 10;
/** What one partition of a table takes, and so one item. */
const PARTITION_UNITS = 1_000;
const SLICES = 4;

interface Row {
  way: Way;
  rate: number;
  storedPercent: number;
  logWrites: number;
  inboxWrites: number;
  leaseWrites: number;
  p50: number;
  p99: number;
  /** Write units a second of the busiest partition. */
  hottest: number;
}

export const append: Scenario = {
  name: 'append',
  title: 'Append: many writers in one room',
  async run() {
    const rows: Row[] = [];
    for (const rate of RATES) {
      const seconds = Math.min(LONGEST_S, Math.max(SHORTEST_S, MESSAGES / rate));
      for (const way of WAYS)
        rows.push(toRow(way, rate, seconds, await runRoom(way, rate, seconds, 7)));
    }
    return report(rows);
  },
};

function toRow(way: Way, rate: number, seconds: number, outcome: Outcome): Row {
  const { sent, stored, usage, latencies } = outcome;
  const each = (count: number) => fixed(count / sent, 2);
  return {
    way,
    rate,
    storedPercent: fixed((100 * stored) / sent),
    logWrites: each(usage.logWrites),
    inboxWrites: each(usage.inboxWrites),
    leaseWrites: each(usage.leaseWrites),
    p50: fixed(percentile(latencies, 50), 0),
    p99: fixed(percentile(latencies, 99), 0),
    hottest: Math.round(
      Math.max(usage.logUnits, usage.leaseWrites, usage.inboxWrites / SLICES) / seconds,
    ),
  };
}

function report(rows: readonly Row[]): Report {
  const of = (way: Way, rate: number) => rows.find((row) => row.way === way && row.rate === rate);
  const [plain, group] = [of('plain', 1_000), of('group', 1_000)];
  if (!plain || !group) throw new Error('A rate is missing.');
  const series = (key: 'p99' | 'storedPercent' | 'hottest') =>
    WAYS.map((way) => ({ name: way, values: RATES.map((rate) => of(way, rate)?.[key] ?? 0) }));
  const holds = rows.filter(({ way, storedPercent }) => way === 'plain' && storedPercent >= 99.9);
  const plainMost = Math.max(...holds.map(({ rate }) => rate));
  const fits = rows.filter(({ way, hottest }) => way === 'group' && hottest <= PARTITION_UNITS);
  return {
    method: `The real sendMessage and roomPump on a virtual clock, with a table whose every call takes 3 ms + Exp(1.5 ms), posts of 10 ms, hand-overs of 20 ms, and a room of ten. Messages come at random moments (Poisson), about ${MESSAGES} in each run, from clients that know the head. A write whose condition fails counts as a write. Plain is \`append\` alone, with up to 50 slots tried, and the same pump. Time is from the message's coming to its acknowledgement, which comes after the writer's own round of posts where it makes one.`,
    findings: [
      {
        what: '1,000 messages a second in one room: stored',
        measured: `${group.storedPercent} %, p99 ${group.p99} ms`,
        baseline: `plain append ${plain.storedPercent} %, p99 ${plain.p99} ms`,
        target: 'all',
        met: group.storedPercent === 100,
      },
      {
        what: '1,000 messages a second: writes to the log for each',
        measured: `${group.logWrites}`,
        baseline: `plain append ${plain.logWrites}`,
        target: 'fewer',
        met: group.logWrites < plain.logWrites,
      },
      {
        what: 'fastest rate at which no partition takes more than its 1,000 write units a second',
        measured: `${Math.max(...fits.map(({ rate }) => rate))} messages a second`,
        baseline: `plain append stores all up to ${plainMost} messages a second`,
        target: '1,000 messages a second',
        met: group.hottest <= PARTITION_UNITS,
      },
    ],
    tables: [
      {
        title: 'By rate',
        header: [
          'msg/s',
          'way',
          'stored, %',
          'log writes',
          'inbox writes',
          'lease writes',
          'p50 ms',
          'p99 ms',
          'hottest partition, units/s',
        ],
        rows: rows.map((row) => [
          row.rate,
          row.way,
          row.storedPercent,
          row.logWrites,
          row.inboxWrites,
          row.leaseWrites,
          row.p50,
          row.p99,
          row.hottest,
        ]),
      },
    ],
    charts: [
      {
        name: 'p99',
        title: 'From message to acknowledgement, p99',
        kind: 'lines',
        unit: 'milliseconds, by messages a second in one room',
        labels: RATES.map(String),
        series: series('p99'),
        logarithmic: true,
      },
      {
        name: 'hottest',
        title: 'The busiest partition of the table (it takes 1,000)',
        kind: 'lines',
        unit: 'write units a second, by messages a second in one room',
        labels: RATES.map(String),
        series: series('hottest'),
        logarithmic: true,
      },
    ],
    notes: [
      'Writes are for each message that was sent. Beside them every message has one write of its connection’s own item.',
      'The simulated table never throttles. A real one holds a partition to 1,000 write units a second: past that, the last column says by how much it would fall behind.',
    ],
  };
}
