import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { eventually } from '../browser/eventually.ts';

const START_MS = 60_000;

/** What a browser is shown on, and what leads it. */
export interface Running {
  /** The display's name, or the driver's address. */
  readonly at: string;
  stop(): Promise<void>;
}

/** Starts a display that nobody looks at. */
export async function startDisplay(xvfb: string): Promise<Running> {
  // It takes a number that is free and writes it to its third file.
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
  const child = spawn(xvfb, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await once(child.stdio[3] as Readable, 'data', {
    signal: AbortSignal.timeout(START_MS),
  });
  return { at: `:${String(number).trim()}`, stop: () => stop(child) };
}

/** Starts a driver, which leads one browser. */
export async function startDriver(driver: string, display: string): Promise<Running> {
  const port = await freePort();
  const child = spawn(driver, ['--host=127.0.0.1', `--port=${port}`], {
    // Without a bus of a desktop to ask for its services.
    env: { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' },
    stdio: 'ignore',
  });
  const at = `http://127.0.0.1:${port}`;
  await eventually(() => fetch(`${at}/status`), { withinMs: START_MS });
  return { at, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
