import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENV } from '../lambdas/aws/environment.ts';
import { bundleFunctions } from '../lib/bundle.ts';
import { LOCAL_TABLE } from '../local/database.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import { runChild } from './child.ts';
import { bundleBaseline } from './cold-start/baseline.ts';
import { compareCalls } from './cold-start/calls.ts';
import { fixed, interleaved, median, percent } from './measure.ts';
import type { Finding, Report, Scenario } from './report.ts';
import {
  addConnections,
  benchTokens,
  connectionOf,
  createAccounts,
  openBenchTable,
} from './table.ts';

const NAMES = ['connect', 'send-message', 'http'] as const;
type Name = (typeof NAMES)[number];
const REPETITIONS = 15;
const REGION = 'eu-central-1';
const SECRET = 'a secret of more than thirty-two bytes';
const ROOM = 'cold';
const PROBE = fileURLToPath(new URL('cold-start/probe.cjs', import.meta.url));
/** 200 KB. */
const AIM_BYTES = 200 * 1024;

interface Probed {
  began: number;
  ready: number;
  answered: number;
  cpu: number;
}

/** Both variants of all functions, and what they ask. */
interface Setting {
  folders: Record<'lean' | 'stock', string>;
  env: Record<string, string>;
  events: Record<Name, unknown>;
}

export const coldStart: Scenario = {
  name: 'cold-start',
  title: 'Cold start: a function from nothing to its first answer',
  async run() {
    const certificate = await makeCertificate([`secretsmanager.${REGION}.amazonaws.com`]);
    const base = await openBenchTable();
    const aws = await secretsManager(certificate);
    const posts = { count: 0 };
    const sink = await connectionsApi(posts);
    try {
      const token = await benchTokens(new TextEncoder().encode(SECRET)).access('alice');
      await createAccounts(base.table, ['alice']);
      await addConnections(base.table, ROOM, ['alice'], 'v1');
      const folders = {
        lean: join(certificate.folder, 'lean'),
        stock: join(certificate.folder, 'stock'),
      };
      await bundleFunctions(folders.lean);
      await bundleBaseline(folders.stock, NAMES);
      const env = environment(base.endpoint, portOf(sink), portOf(aws), certificate.file);
      const compared = await compare({ folders, env, events: eventsOf(token) });
      const report = { ...compared, findings: [...compared.findings, await compareCalls()] };
      if (posts.count < 2 * REPETITIONS) throw new Error(`Only ${posts.count} posts arrived.`);
      return report;
    } finally {
      aws.close();
      sink.close();
      await base.close();
      await rm(certificate.folder, { recursive: true });
    }
  },
};

async function compare({ folders, env, events }: Setting): Promise<Report> {
  const findings: Finding[] = [];
  const rows: (string | number)[][] = [];
  const shown: Record<'lean' | 'stock', number[]> = { lean: [], stock: [] };
  for (const name of NAMES) {
    const probes = await interleaved(['stock', 'lean'], REPETITIONS, (variant) =>
      runChild<Probed>(PROBE, [join(folders[variant], name), JSON.stringify(events[name])], env),
    );
    const bytes = {
      stock: (await stat(join(folders.stock, name, 'index.js'))).size,
      lean: (await stat(join(folders.lean, name, 'index.js'))).size,
    };
    for (const variant of ['stock', 'lean'] as const) {
      const of = (key: keyof Probed) => median(probes[variant].map((probe) => probe[key]));
      const load = median(probes[variant].map(({ ready, began }) => ready - began));
      shown[variant].push(of('answered'));
      rows.push([
        `${name}, ${variant}`,
        ...[Math.round(bytes[variant] / 1024), fixed(load), fixed(of('ready'))],
        ...[fixed(of('answered')), fixed(of('cpu'))],
      ]);
    }
    findings.push(...judge(name, bytes, probes));
  }
  return {
    method: `Each function is started ${REPETITIONS} times in a process of its own, stock and lean in turn, with one event that it answers with 200: the handshake, a message to a room of one, a page of history. DynamoDB (the embedded engine), Secrets Manager and @connections answer on loopback. Stock is the same source with the SDK's clients for DynamoDB and @connections and Node's own for the rest, bundled by esbuild with its defaults (CommonJS, no minification). Medians; times from the start of the process, Node's own start included. A warm call is the mean of 2,000 one after the other over plain HTTP, in a process of its own, the SDK and our transport in turn.`,
    findings,
    tables: [
      {
        title: 'Medians',
        header: ['function', 'KB', 'load, ms', 'ready, ms', 'first answer, ms', 'CPU, ms'],
        rows,
      },
    ],
    charts: [
      {
        name: 'first-answer',
        title: 'From the start of the process to the first answer',
        kind: 'bars',
        unit: 'milliseconds, median',
        labels: NAMES,
        series: [
          { name: 'stock clients', values: shown.stock },
          { name: 'Parlor', values: shown.lean },
        ],
      },
    ],
    notes: [
      'The stock bundles lack the clients of Secrets Manager and Lambda, which a stock function would load: the baseline is better than the real one.',
      'The list of common passwords, AWS’s own client for DynamoDB and the client that asks after connections are files of their own, read when first needed; KB counts what is always read.',
      'On Lambda a function of 512 MB has less than a third of a CPU; there all times grow alike.',
    ],
  };
}

function judge(
  name: Name,
  bytes: Record<'lean' | 'stock', number>,
  probes: Record<'lean' | 'stock', Probed[]>,
): Finding[] {
  const of = (variant: 'lean' | 'stock', key: keyof Probed) =>
    median(probes[variant].map((probe) => probe[key]));
  const kb = (variant: 'lean' | 'stock') => Math.round(bytes[variant] / 1024);
  const times = (
    [
      ['ready', 50],
      ['answered', 60],
    ] as const
  ).map(([key, target]): Finding => {
    const [lean, stock] = [of('lean', key), of('stock', key)];
    return {
      what: `${name}: ${key === 'ready' ? 'ready' : 'first answer'}`,
      measured: `${Math.round(lean)} ms, ${percent(lean, stock)}`,
      baseline: `stock clients ${Math.round(stock)} ms`,
      target: `at most ${target} %`,
      met: lean <= (target / 100) * stock,
    };
  });
  return [
    {
      what: `${name}: bundle`,
      measured: `${kb('lean')} KB, ${percent(bytes.lean, bytes.stock)}`,
      baseline: `stock clients ${kb('stock')} KB`,
      target: 'at most 200 KB',
      met: bytes.lean <= AIM_BYTES,
    },
    ...times,
  ];
}

function environment(
  dynamo: string,
  sinkPort: number,
  awsPort: number,
  certificate: string,
): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo,
    NODE_EXTRA_CA_CERTS: certificate,
    BENCH_AWS_PORT: String(awsPort),
    [ENV.table]: LOCAL_TABLE,
    [ENV.tokenSecretArn]: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:bench',
    [ENV.connectionsEndpoint]: `http://127.0.0.1:${sinkPort}`,
    [ENV.fanOutFunction]: 'fanout',
  };
}

function eventsOf(token: string): Record<Name, unknown> {
  const requestContext = { connectionId: connectionOf('alice'), requestId: 'r' };
  return {
    connect: {
      requestContext: { connectionId: connectionOf('second'), requestId: 'r' },
      headers: { 'Sec-WebSocket-Protocol': `parlor.v1, ${token}` },
      queryStringParameters: { room: ROOM },
    },
    'send-message': {
      requestContext,
      body: JSON.stringify({ action: 'sendMessage', room: ROOM, content: 'the first' }),
    },
    http: {
      rawPath: `/api/rooms/${ROOM}/messages/`,
      headers: { authorization: `Bearer ${token}` },
      requestContext: { domainName: 'bench', requestId: 'r', http: { method: 'GET' } },
    },
  };
}

async function secretsManager({ key, cert }: Certificate): Promise<Server> {
  // To both that may be asked: the value, and which versions there are.
  const answer = JSON.stringify({
    SecretString: SECRET,
    VersionId: 'bench',
    VersionIdsToStages: { bench: ['AWSCURRENT'] },
  });
  return await listening(
    createTlsServer({ key, cert }, (request, response) => {
      request.resume().on('end', () => response.end(answer));
    }),
  );
}

async function connectionsApi(posts: { count: number }): Promise<Server> {
  return await listening(
    createServer((request, response) => {
      posts.count++;
      request.resume().on('end', () => response.end());
    }),
  );
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
