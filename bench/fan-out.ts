import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from './certificate.ts';
import { runChild, startChild } from './child.ts';
import { fixed, interleaved, median, sum } from './measure.ts';
import type { Report, Scenario } from './report.ts';

const VARIANTS = ['stock in batches', 'stock all at once', 'parlor'] as const;
const REPETITIONS = 5;
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
    const receiver = await startChild<number>(new URL('fan-out/receiver.ts', import.meta.url), [
      certificate.folder,
    ]);
    try {
      const url = `https://127.0.0.1:${receiver.ready}`;
      const env = { NODE_EXTRA_CA_CERTS: certificate.file };
      const runs = await interleaved(VARIANTS, REPETITIONS, (variant) =>
        runChild<Posted>(POSTER, [variant, url], env, ['--disable-warning=ExperimentalWarning']),
      );
      const sent = sum(VARIANTS.flatMap((variant) => runs[variant].map(({ posts }) => posts)));
      const received = await receiver.ask<number>('posts');
      if (received !== sent) throw new Error(`${received} posts of ${sent} arrived.`);
      return report(runs);
    } finally {
      await receiver.stop();
      await rm(certificate.folder, { recursive: true });
    }
  },
};

function report(runs: Record<(typeof VARIANTS)[number], Posted[]>): Report {
  const of = (variant: (typeof VARIANTS)[number], key: keyof Posted) =>
    median(runs[variant].map((run) => run[key]));
  const batches = of('stock in batches', 'cpuPerPost');
  const lean = of('parlor', 'cpuPerPost');
  const [stockMb, leanMb] = [of('stock in batches', 'peakMb'), of('parlor', 'peakMb')];
  return {
    method: `A process posts a frame of 300 bytes to 10,000 connections over TLS to another process, after 1,000 posts to warm up; ${REPETITIONS} times for each way, in turn; medians. Parlor is \`postShard\` with \`apiGatewayConnections\`, 200 sockets, without its pacing. Stock is @aws-sdk/client-apigatewaymanagementapi with 200 sockets and Promise.all, over batches of 200 or over all, as AWS's samples have it.`,
    findings: [
      {
        what: 'CPU for each post',
        measured: `${fixed(lean, 0)} us`,
        baseline: `stock in batches ${fixed(batches, 0)} us, ${fixed(batches / lean)} times as much`,
        target: 'at least 6 times fewer',
        met: batches >= 6 * lean,
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
        header: ['way', 'CPU us a post', 'posts a second', 'peak MB', 'CPU against stock'],
        rows: VARIANTS.map((variant) => [
          variant,
          fixed(of(variant, 'cpuPerPost'), 0),
          Math.round(10_000 / of(variant, 'seconds')),
          fixed(of(variant, 'peakMb'), 0),
          `1/${fixed(batches / of(variant, 'cpuPerPost'))}`,
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
