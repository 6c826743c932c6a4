import { type Answer, type Outcome, runRoom, type Way } from './append/room.ts';
import { fixed, median, percentile } from './measure.ts';
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
/** What chance decides is told by the median of so many runs, each with a seed of its own. */
const SEEDS = [1, 2, 3, 4, 5];

/** A room that turns hot at once has so long to reach its steady p99. */
export const SETTLED_AFTER_MS = 500;
/** In these steps it is looked at. */
export const STEP_MS = 250;

interface Row {
  way: Way;
  rate: number;
  storedPercent: number;
  logWrites: number;
  inboxWrites: number;
  leaseWrites: number;
  p50: number;
  p99: number;
  /** The worst of all seeds' p99. */
  p99Worst: number;
  /** Write units a second of the busiest partition. */
  hottest: number;
}

export const append: Scenario = {
  name: 'append',
  title: 'Append: many writers in one room',
  async run() {
    const rows: Row[] = [];
    let hottest: Outcome[] = [];
    for (const rate of RATES) {
      const seconds = Math.min(LONGEST_S, Math.max(SHORTEST_S, MESSAGES / rate));
      for (const way of WAYS) {
        const outcomes: Outcome[] = [];
        // The baseline takes ten times as long to run, and chance changes it little.
        const seeds = way === 'group' ? SEEDS : SEEDS.slice(0, 1);
        for (const seed of seeds) outcomes.push(await runRoom(way, rate, seconds, seed));
        rows.push(medianOf(outcomes.map((outcome) => toRow(way, rate, seconds, outcome))));
        if (way === 'group') hottest = outcomes;
      }
    }
    return report(
      rows,
      hottest.map(({ answers }) => answers),
    );
  },
};

/** Each number is the median of its own; the worst p99 is the worst. */
function medianOf(rows: readonly Row[]): Row {
  const [first, ...rest] = rows;
  if (!first) throw new Error('There was no run.');
  const of = (key: Exclude<keyof Row, 'way' | 'rate'>) => median(rows.map((row) => row[key]));
  return {
    ...first,
    storedPercent: of('storedPercent'),
    logWrites: of('logWrites'),
    inboxWrites: of('inboxWrites'),
    leaseWrites: of('leaseWrites'),
    p50: of('p50'),
    p99: of('p99'),
    p99Worst: Math.max(first.p99, ...rest.map(({ p99 }) => p99)),
    hottest: of('hottest'),
  };
}

/**
 * How a room that turns hot at once fares.
 *
 * @returns its p99 in each step from its first message, and in all that came after it should have
 * settled
 */
export function settling(answers: readonly Answer[], steps: number) {
  const p99Of = (some: readonly Answer[]) =>
    percentile(
      some.map(({ took }) => took),
      99,
    );
  return {
    steps: Array.from({ length: steps }, (_, step) =>
      p99Of(answers.filter(({ sentAt }) => Math.floor(sentAt / STEP_MS) === step)),
    ),
    steady: p99Of(answers.filter(({ sentAt }) => sentAt >= SETTLED_AFTER_MS)),
  };
}

function toRow(way: Way, rate: number, seconds: number, outcome: Outcome): Row {
  const { sent, stored, usage, answers } = outcome;
  const latencies = answers.map(({ took }) => took);
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
    p99Worst: 0,
    hottest: Math.round(
      Math.max(usage.logUnits, usage.leaseWrites, usage.inboxWrites / SLICES) / seconds,
    ),
  };
}

const SHOWN_STEPS = 12;

function report(rows: readonly Row[], hot: readonly (readonly Answer[])[]): Report {
  const settled = hot.map((answers) => settling(answers, SHOWN_STEPS));
  const p99At = Array.from({ length: SHOWN_STEPS }, (_, step) =>
    fixed(median(settled.map(({ steps }) => steps[step] ?? Number.NaN)), 0),
  );
  const worstAt = Array.from({ length: SHOWN_STEPS }, (_, step) =>
    fixed(Math.max(...settled.map(({ steps }) => steps[step] ?? Number.NaN)), 0),
  );
  const steady = fixed(median(settled.map((each) => each.steady)), 0);
  const afterwards = Math.max(...worstAt.slice(SETTLED_AFTER_MS / STEP_MS));
  const of = (way: Way, rate: number) => rows.find((row) => row.way === way && row.rate === rate);
  const [plain, group] = [of('plain', 1_000), of('group', 1_000)];
  if (!plain || !group) throw new Error('A rate is missing.');
  const series = (key: 'p99' | 'storedPercent' | 'hottest') =>
    WAYS.map((way) => ({ name: way, values: RATES.map((rate) => of(way, rate)?.[key] ?? 0) }));
  const holds = rows.filter(({ way, storedPercent }) => way === 'plain' && storedPercent >= 99.9);
  const plainMost = Math.max(...holds.map(({ rate }) => rate));
  const fits = rows.filter(({ way, hottest }) => way === 'group' && hottest <= PARTITION_UNITS);
  return {
    method: `The real sendMessage, roomPump and stores on a virtual clock and the embedded engine, whose every call takes 3 ms + Exp(1.5 ms), posts of 10 ms, hand-overs of 20 ms, and a room of ten. Messages come at random moments (Poisson), about ${MESSAGES} in each run, from clients that know the head, from the first second on. Each number of group is the median of ${SEEDS.length} runs with other seeds; plain is one run. A write whose condition fails counts as a write. Plain is \`append\` alone, with up to 50 slots tried, and the same pump. Time is from the message's coming to its acknowledgement, which comes after the writer's own round of posts where it makes one.`,
    findings: [
      {
        what: '1,000 messages a second in one room: stored',
        measured: `${group.storedPercent} %, p99 ${group.p99} ms, in the worst run ${group.p99Worst} ms`,
        baseline: `plain append ${plain.storedPercent} %, p99 ${plain.p99} ms`,
        target: 'all',
        met: group.storedPercent === 100,
      },
      {
        what: 'a room that turns hot at once: p99 of its first quarters of a second',
        measured: `${p99At.slice(0, 4).join(', ')} ms; after half a second at most ${afterwards} ms in any run`,
        baseline: `steady ${steady} ms`,
        target: 'within half a second of its steady p99 (a quarter above it is chance)',
        met: afterwards <= 1.25 * steady,
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
          'worst p99 ms',
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
          row.p99Worst,
          row.hottest,
        ]),
      },
    ],
    charts: [
      {
        name: 'hot-at-once',
        title: 'A room that turns hot at once: p99 at 1,000 messages a second',
        kind: 'lines',
        unit: 'milliseconds, by seconds since its first message',
        labels: p99At.map((_, step) => String((step * STEP_MS) / 1_000)),
        series: [
          { name: 'median run', values: p99At },
          { name: 'worst run', values: worstAt },
        ],
      },
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
