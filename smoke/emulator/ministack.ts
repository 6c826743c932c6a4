import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { AwsCredentials } from '../../lambdas/aws/request-signer.ts';
import { makeCertificate } from './certificate.ts';

/** An emulator of AWS that runs on this machine. */
export interface Emulator {
  /** `https://127.0.0.1:<port>`, for all services. */
  endpoint: string;
  credentials: AwsCredentials;
  /** A folder that goes when it ends. */
  folder: string;
  /** What it warned of, the latest last. */
  warnings(): Promise<string[]>;
  /** Ends it, with the functions that it runs. */
  close(): Promise<void>;
}

const START_MS = 60_000;
const END_MS = 5_000;
export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';
const CREDENTIALS: AwsCredentials = { accessKeyId: 'smoke', secretAccessKey: 'smoke' };

/**
 * Starts MiniStack on a free port, with TLS and with permissions enforced: what a role may not do,
 * or a signature does not cover, fails as on AWS. It runs functions by the `node` of its PATH: by
 * that of this process, which is Lambda's own where npm started it.
 *
 * @param command see findMiniStack()
 */
export async function startMiniStack(command: string): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), 'parlor-smoke-'));
  const endpoint = `https://127.0.0.1:${await freePort()}`;
  await leadTo(endpoint, folder);
  const log = join(folder, 'emulator.log');
  const output = openSync(log, 'w');
  const child = spawn(command, [], {
    env: { ...process.env, ...settings(endpoint, folder) },
    stdio: ['ignore', output, output],
    // A group of its own, which ends together.
    detached: true,
  });
  // Whatever ends this process ends the emulator.
  const endAtOnce = () => {
    signalGroup(child, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', endAtOnce);
  const close = async () => {
    await end(child, folder);
    process.off('exit', endAtOnce);
  };
  try {
    await untilReady(child, endpoint);
  } catch (error) {
    await close();
    throw error;
  }
  const warnings = async () => (await readFile(log, 'utf8')).split('\n').filter(isWarning);
  return { endpoint, credentials: CREDENTIALS, folder, warnings, close };
}

const CERTIFICATE = { cert: 'cert.pem', key: 'key.pem' } as const;

/** From here on this process, and all that it starts, finds the emulator where AWS would be. */
async function leadTo(endpoint: string, folder: string): Promise<void> {
  const { cert, key } = makeCertificate(Date.now());
  const certificateFile = join(folder, CERTIFICATE.cert);
  await writeFile(certificateFile, cert);
  await writeFile(join(folder, CERTIFICATE.key), key, { mode: 0o600 });
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  const others = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
  for (const name of others) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    NODE_EXTRA_CA_CERTS: certificateFile,
    // The CDK's command goes by this one.
    AWS_CA_BUNDLE: certificateFile,
  });
}

const settings = (endpoint: string, folder: string) => ({
  PATH: dirname(process.execPath) + delimiter + process.env.PATH,
  GATEWAY_PORT: new URL(endpoint).port,
  BIND_HOST: '127.0.0.1',
  // Part of the APIs' hosts, which are no hosts when they end in a number.
  MINISTACK_HOST: 'localhost',
  MINISTACK_ACCOUNT_ID: ACCOUNT,
  MINISTACK_REGION: REGION,
  AUTH: 'true',
  USE_SSL: '1',
  MINISTACK_SSL_CERT: join(folder, CERTIFICATE.cert),
  MINISTACK_SSL_KEY: join(folder, CERTIFICATE.key),
  TMPDIR: folder,
});

const isWarning = (line: string) => / (WARNING|ERROR|CRITICAL) /.test(line);

async function untilReady(child: ChildProcess, endpoint: string): Promise<void> {
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`The emulator ended with ${code} before it was ready.`)),
  );
  for (const lost of [failed, ended]) lost.catch(() => {});
  const signal = AbortSignal.timeout(START_MS);
  const answers = async () => {
    while (!signal.aborted) {
      const answer = await fetch(`${endpoint}/_ministack/health`, { signal }).catch(
        () => undefined,
      );
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`The emulator was not ready after ${START_MS / 1_000} seconds.`);
  };
  await Promise.race([answers(), failed, ended]);
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : [];
  await Promise.race([ended, sleep(END_MS)]);
  // Whatever is left of it.
  signalGroup(child, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left of it.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('No port is free.');
  return address.port;
}
