import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Certificate, makeCertificate } from './certificate.ts';
import { runChild, startChild } from './child.ts';
import { fixed, interleaved, median } from './measure.ts';
import type { Report, Scenario } from './report.ts';

const VARIANTS = ['stock in batches', 'stock all at once', 'parlor by undici', 'parlor'] as const;
type Variant = (typeof VARIANTS)[number];
const REPETITIONS = 5;
const RECEIVER = new URL('fan-out/receiver.ts', import.meta.url);
const POSTER = fileURLToPath(new URL('fan-out/poster.ts', import.meta.url));

interface Posted {
  cpuPerPost: number;
  seconds: number;
  peakMb: number;
  posts: number;
}

export const fanOut: Scenario = {
  name: 'fan-out',
  title: 'Fan-out: one frame to 10,000 connections',
  async run() {
    const certificate = await makeCertificate();
    try {
      const runs = await interleaved(VARIANTS, REPETITIONS, (variant) =>
        post(variant, certificate),
      );
      return report(runs);
    } finally {
      await rm(certificate.folder, { recursive: true });
    }
  },
};

/** Each has a receiver of its own: none finds one that another has warmed up, or worn out. */
async function post(variant: Variant, { folder, file }: Certificate): Promise<Posted> {
  const receiver = await startChild<number>(RECEIVER, [folder]);
  try {
    const url = `https://127.0.0.1:${receiver.ready}`;
    const env = { NODE_EXTRA_CA_CERTS: file };
    const flags = ['--disable-warning=ExperimentalWarning'];
    const posted = await runChild<Posted>(POSTER, [variant, url], env, flags);
    const received = await receiver.ask<number>('posts');
    if (received !== posted.posts) {
      throw new Error(`${received} posts of ${posted.posts} arrived by "${variant}".`);
    }
    return posted;
  } finally {
    await receiver.stop();
  }
}

function report(runs: Record<Variant, Posted[]>): Report {
  const of = (variant: Variant, key: keyof Posted) => median(runs[variant].map((run) => run[key]));
  const batches = of('stock in batches', 'cpuPerPost');
  const lean = of('parlor', 'cpuPerPost');
  /** How many times the CPU time of a way is that of stock, in each of the turns. */
  const ratios = (variant: Variant) =>
    runs['stock in batches'].map(
      ({ cpuPerPost }, turn) => cpuPerPost / (runs[variant][turn]?.cpuPerPost ?? Number.NaN),
    );
  const times = fixed(median(ratios('parlor')));
  const [stockMb, leanMb] = [of('stock in batches', 'peakMb'), of('parlor', 'peakMb')];
  return {
    method: `A process posts a frame of 300 bytes to 10,000 connections over TLS to another process, after 1,000 posts to warm up; ${REPETITIONS} times for each way, in turn, each with a receiver of its own; medians, also of the ratios within a turn. Requests are signed with a session token of 960 letters, as Lambda's are. Parlor is \`postShard\` with \`apiGatewayConnections\`, 200 sockets, without its pacing and with its lean poster, or with undici (\`postClient=undici\`). Stock is @aws-sdk/client-apigatewaymanagementapi with 200 sockets and Promise.all, over batches of 200 or over all, as AWS's samples have it.`,
    findings: [
      {
        what: 'CPU for each post',
        measured: `${fixed(lean, 0)} us`,
        baseline: `stock in batches ${fixed(batches, 0)} us, ${times} times as much (${range(ratios('parlor'))})`,
        target: 'at least 6 times fewer',
        met: times >= 6,
      },
      {
        what: 'peak memory',
        measured: `${fixed(leanMb, 0)} MB`,
        baseline: `stock in batches ${fixed(stockMb, 0)} MB`,
        target: 'less',
        met: leanMb < stockMb,
      },
    ],
    tables: [
      {
        title: 'Medians',
        header: [
          'way',
          'CPU us a post',
          'posts a second',
          'peak MB',
          'CPU against stock (by turn)',
        ],
        rows: VARIANTS.map((variant) => [
          variant,
          fixed(of(variant, 'cpuPerPost'), 0),
          Math.round(10_000 / of(variant, 'seconds')),
          fixed(of(variant, 'peakMb'), 0),
          `1/${fixed(median(ratios(variant)))} (${range(ratios(variant))})`,
        ]),
      },
    ],
    charts: [
      {
        name: 'cpu',
        title: 'CPU time for each post',
        kind: 'bars',
        unit: 'microseconds, median',
        labels: VARIANTS,
        series: [{ name: 'CPU', values: VARIANTS.map((variant) => of(variant, 'cpuPerPost')) }],
      },
      {
        name: 'memory',
        title: 'Peak memory, 10,000 connections',
        kind: 'bars',
        unit: 'MB, whole process, median',
        labels: VARIANTS,
        series: [{ name: 'memory', values: VARIANTS.map((variant) => of(variant, 'peakMb')) }],
      },
    ],
    notes: [
      'CPU counts the whole process, TLS and system calls included. Posts a second are bounded by the receiving process on this machine.',
    ],
  };
}

const range = (values: readonly number[]) =>
  `${fixed(Math.min(...values))} to ${fixed(Math.max(...values))}`;
