import { join } from 'node:path';
import type { Settings } from '../lambdas/aws/config.ts';
import { buildPage } from '../lib/build-page.ts';
import { type Database, openDatabase, openRemote } from './database.ts';
import { type FunctionsOptions, functions } from './functions.ts';
import type { TrustsProxy } from './gateway/forwarded.ts';
import { type Connections, type GatewayLimits, openGateway } from './gateway/gateway.ts';
import { servePage } from './page.ts';
import { announce, claim, withdraw } from './running.ts';
import { Workers } from './workers.ts';

export interface StackOptions extends FunctionsOptions {
  /** 0 takes any free one. */
  port: number;
  /** Builds the page, and serves it; or serves the one that a folder holds. Default: no page. */
  page?: boolean | string;
  /** Whose X-Forwarded headers count. Default: nobody's. */
  trusts?: TrustsProxy;
  /** Another DynamoDB than the embedded one; any credentials are sent. */
  dynamoEndpoint?: string | undefined;
  limits?: Partial<GatewayLimits>;
}

export interface Stack {
  /** http://127.0.0.1:PORT; http://[::1]:PORT leads there too, where the machine has IPv6. */
  url: string;
  /**
   * The same by the name that people use: to a browser the two are different sites, each with a login
   * of its own.
   */
  localhostUrl: string;
  connectionsUrl: string;
  connections: Connections;
  dynamoEndpoint: string;
  /** Once the page is built; requests for it wait until then. Rejects when it can't be built. */
  pageReady: Promise<unknown>;
  close(): Promise<void>;
}

const EXPIRY_INTERVAL_MS = 60_000;

/** The data folder is another process's. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/**
 * Runs the whole chat in this process: the functions that are deployed, behind a gateway that
 * speaks API Gateway's dialect, on an embedded database.
 *
 * @throws AlreadyRunningError; the error of the port, with code EADDRINUSE when it is taken
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port, dataFolder } = options;
  const running = await claim(dataFolder);
  if (running) {
    throw new AlreadyRunningError(
      `Process ${running.pid} runs a chat on ${dataFolder} already${running.url ? `, at ${running.url}` : ''}.`,
    );
  }
  const closers: (() => Promise<unknown>)[] = [() => withdraw(dataFolder)];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  // Beside all else; `pageReady` tells how it ends.
  const page = pageFolder(options, closers);
  try {
    const database = await (options.dynamoEndpoint === undefined
      ? openDatabase(dataFolder)
      : openRemote(options.dynamoEndpoint));
    const { endpoint: dynamoEndpoint } = database;
    closers.push(database.close);
    closers.push(expireRegularly(database));

    const workers = new Workers();
    closers.push(() => workers.settled());
    const gateway = await openGateway({
      limits: options.limits ?? {},
      ...(options.trusts && { trusts: options.trusts }),
    });
    closers.push(() => gateway.close());
    const url = await gateway.serve({
      port,
      routes: {
        ...(await functions(database.tableFor, gateway.connections, workers, options, closers)),
        ...(page && { page: servePage(page) }),
      },
    });
    const localhostUrl = url.replace('127.0.0.1', 'localhost');
    await announce(dataFolder, { pid: process.pid, url: localhostUrl, dynamoEndpoint });
    return {
      url,
      localhostUrl,
      connectionsUrl: gateway.connectionsUrl,
      connections: gateway.connections,
      dynamoEndpoint,
      pageReady: Promise.resolve(page),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @returns the page's folder, once the page is in it; undefined when none is wanted */
function pageFolder(
  { page, dataFolder, settings }: StackOptions,
  closers: (() => Promise<unknown>)[],
): Promise<string> | undefined {
  if (typeof page === 'string') return Promise.resolve(page);
  return page ? startBuilding(join(dataFolder, 'page'), settings, closers) : undefined;
}

/** @returns the folder, once the page is in it */
function startBuilding(
  folder: string,
  { docs }: Pick<Settings, 'docs'>,
  closers: (() => Promise<unknown>)[],
): Promise<string> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const built = buildPage(folder, { docs, signal }).then(() => folder);
  // Whoever waits for it is told; where nobody does, it ends with the chat.
  const ended = built.catch(() => {});
  closers.push(async () => {
    stopped.abort();
    await ended;
  });
  return built;
}

/** @returns what ends it */
function expireRegularly({ expire }: Database): () => Promise<void> {
  let round: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // A round that fails does no harm: readers filter, and the next one comes. It is told, for the
    // disk may be full.
    round = round
      .then(() => expire?.())
      .catch((error: unknown) => console.error('local expiry:', error));
  }, EXPIRY_INTERVAL_MS);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
