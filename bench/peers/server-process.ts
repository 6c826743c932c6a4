import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { until } from '../member.ts';
import { oneLine } from './install.ts';

const START_MS = 60_000;
/** Should this process be killed, no server lives longer. */
const LONGEST_SECONDS = 1_200;
const TAIL_CHARS = 400;

export interface ServerOptions {
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  port: number;
  /** What it prints once it takes requests; without it, once its port is open. */
  says?: string;
}

/** A server in a process of its own, with all that it starts. */
export interface ServerProcess {
  /** The first of its processes. */
  pid: number;
  isAlive(): boolean;
  /** The end of what it printed, in one line. */
  lastWords(): string;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
let isGuarded = false;

/** However this process ends, short of a kill -9, its servers end with it. */
function guard(): void {
  if (isGuarded) return;
  isGuarded = true;
  process.once('exit', () => {
    for (const child of running) kill(child);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1));
  }
}

/**
 * Starts a server and waits until it takes requests.
 *
 * @throws Error with the last that it said
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { command, args, env = {}, cwd, port, says } = options;
  // A group of its own, which `timeout` ends should nobody else be there to do it.
  const child = spawn('timeout', ['-s', 'KILL', String(LONGEST_SECONDS), command, ...args], {
    ...(cwd !== undefined && { cwd }),
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  guard();
  running.add(child);
  let said = '';
  let ready = false;
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      ready ||= says !== undefined && said.includes(says);
      said = said.slice(-TAIL_CHARS);
    });
  }
  child.once('error', () => {
    ended = true;
  });
  child.once('exit', () => {
    ended = true;
  });
  const server: ServerProcess = {
    pid: child.pid ?? 0,
    isAlive: () => !ended,
    lastWords: () => oneLine(said),
    async stop() {
      running.delete(child);
      const gone = ended ? undefined : once(child, 'exit');
      kill(child);
      await gone;
    },
  };
  if (says === undefined) {
    void watchPort(port, () => !ended && !ready).then((open) => {
      ready ||= open;
    });
  }
  if (!(await until(() => ready || ended, START_MS)) || ended) {
    // Whoever looks at its port looks no longer.
    ready = true;
    await server.stop();
    throw new Error(`${command} did not start: ${server.lastWords()}`);
  }
  return server;
}

/** With what it has started. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

/** @returns whether the port opened while `wanted` */
async function watchPort(port: number, wanted: () => boolean): Promise<boolean> {
  while (wanted()) {
    if (await isOpen(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
