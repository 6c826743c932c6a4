import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boundedHasher } from '../lambdas/auth/bounded-hasher.ts';
import { tokenKeys } from '../lambdas/auth/token-keys.ts';
import { hmacTokens } from '../lambdas/auth/tokens.ts';
import type { Settings } from '../lambdas/aws/config.ts';
import type { Table } from '../lambdas/aws/dynamo.ts';
import {
  identityServices,
  loginServices,
  moderationServices,
  roomServices,
  systemClock,
  systemRandom,
} from '../lambdas/aws/services.ts';
import type { LogLevel } from '../lambdas/aws/severity.ts';
import { silentMeter } from '../lambdas/chat/ports/meter.ts';
import { auditHandler } from '../lambdas/edge/audit.ts';
import { ASSETS } from '../lambdas/edge/docs/assets.ts';
import { docsHandler } from '../lambdas/edge/docs/handler.ts';
import { fanOutHandler } from '../lambdas/edge/fanout.ts';
import { httpHandler } from '../lambdas/edge/http/handler.ts';
import { answerHead } from '../lambdas/edge/http/head.ts';
import { loginOperations } from '../lambdas/edge/http/login-operations.ts';
import { httpOperations } from '../lambdas/edge/http/operations.ts';
import { roomActions, sendActions } from '../lambdas/edge/socket/actions.ts';
import { connectHandler } from '../lambdas/edge/socket/connect.ts';
import { disconnectHandler } from '../lambdas/edge/socket/disconnect.ts';
import { frameHandler } from '../lambdas/edge/socket/frame-handler.ts';
import { tokenExpiryHandler } from '../lambdas/edge/token-expiry.ts';
import { buildPage } from '../lib/build-page.ts';
import { LOGIN_ROUTES } from '../protocol/login-routes.ts';
import { localConnections } from './connections.ts';
import { type Database, openDatabase, openRemote } from './database.ts';
import type { TrustsProxy } from './gateway/forwarded.ts';
import {
  type Connections,
  type GatewayLimits,
  type GatewayRoutes,
  type LambdaHandler,
  openGateway,
} from './gateway/gateway.ts';
import { issuerSecrets } from './issuer-secrets.ts';
import { servePage } from './page.ts';
import { readableLines } from './readable-lines.ts';
import { announce, claim, withdraw } from './running.ts';
import { Stream } from './stream.ts';
import { localTokenSecret } from './token-secret.ts';
import { localRelay, type WorkerContext, Workers } from './workers.ts';

export interface StackOptions {
  /** 0 takes any free one. */
  port: number;
  /** Where the database, the token secret and the built page are kept. */
  dataFolder: string;
  /** Builds the page, and serves it; or serves the one that a folder holds. Not unless told. */
  page?: boolean | string;
  /** Whose X-Forwarded headers count; nobody's unless told. */
  trusts?: TrustsProxy;
  /** Another DynamoDB than the embedded one; any credentials are sent. */
  dynamoEndpoint?: string | undefined;
  settings: Settings;
  logLevel?: LogLevel;
  limits?: Partial<GatewayLimits>;
  /** How often connections are looked at whose token runs out; a minute, as deployed, unless told. */
  tokenSweepMs?: number;
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

/**
 * Half of the threads that Node has for such work; who comes last waits for about five seconds, and on
 * a busy machine for half of the time that a handler has.
 */
const HASHING = { atOnce: 2, waiting: 16, longestWaitMs: 15_000 };

const ROOT = fileURLToPath(new URL('..', import.meta.url));

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

/** What lib/ deploys, behind which route or trigger. */
async function functions(
  tableFor: Database['tableFor'],
  connections: Connections,
  workers: Workers,
  { dataFolder, settings, logLevel = 'error', tokenSweepMs = 60_000 }: StackOptions,
  closers: (() => Promise<unknown>)[],
): Promise<GatewayRoutes> {
  const clock = systemClock;
  const gateway = localConnections(connections);
  const relay = localRelay(workers, () => background.fanOut);
  const stream = new Stream(workers, () => background.audit);
  const keys = tokenKeys(localTokenSecret(dataFolder), clock);
  // A secret that can't be used is told at the start, not to the first who logs in.
  await keys.signing();
  const tokens = hmacTokens(keys, { clock, random: systemRandom, ...settings });
  const readSecret = await issuerSecrets(settings.issuers);
  const observed = { journal: readableLines(logLevel), meter: silentMeter };

  const rooms = (table: Table) =>
    stream.watch(roomServices(table, gateway, relay, settings, observed));
  const identity = (table: Table) => identityServices(table, tokens, settings, readSecret);
  const both = (table: Table) => ({ ...rooms(table), ...identity(table) });

  const background = {
    fanOut: plain(fanOutHandler(rooms(tableFor('fanOut')))),
    audit: plain(auditHandler(rooms(tableFor('audit')))),
    tokenExpiry: plain(tokenExpiryHandler(rooms(tableFor('tokenExpiry')))),
  };
  const sweep = () => workers.start(() => background.tokenExpiry({}, workers.context()));
  const sweeps = setInterval(sweep, tokenSweepMs);
  closers.push(async () => {
    clearInterval(sweeps);
    stream.close();
  });

  const send = lambda(frameHandler(rooms(tableFor('sendMessage')), sendActions));
  const roomAction = lambda(frameHandler(both(tableFor('roomAction')), roomActions));
  const docs = lambda(docsHandler({ assets: (name) => readFile(join(ROOT, ASSETS[name].source)) }));
  const httpTable = tableFor('http');
  const http = lambda(
    httpHandler(
      { ...both(httpTable), ...moderationServices(httpTable) },
      httpOperations,
      answerHead,
    ),
  );
  const loginTable = tableFor('login');
  const withPasswords = {
    ...identity(loginTable),
    ...loginServices(loginTable),
    ...{ ...observed, clock, random: systemRandom },
  };
  const hasher = boundedHasher(withPasswords.hasher, HASHING);
  const login = lambda(httpHandler({ ...withPasswords, hasher }, loginOperations));
  return {
    socket: {
      $connect: lambda(connectHandler(both(tableFor('connect')))),
      $disconnect: lambda(disconnectHandler(rooms(tableFor('disconnect')))),
      $default: send,
      sendMessage: send,
      join: roomAction,
      leave: roomAction,
      ping: roomAction,
      auth: roomAction,
    },
    // As lib/socket-api.ts has it.
    withoutResponse: ['$default'],
    allowedOrigins: settings.allowedOrigins,
    http: [
      ...(settings.docs ? DOCS_PATHS.map(to(docs)) : []),
      ...LOGIN_ROUTES.map(({ method, path }) => ({ method, path, handler: login })),
      { path: '$default', handler: http },
    ],
  };
}

/** As lib/rest-api.ts has them. */
const DOCS_PATHS = [
  ...['/api/schema', '/api/schema/', '/api/schema/{proxy+}'],
  ...['/api/docs', '/api/docs/', '/api/docs/{proxy+}'],
];

const to = (handler: LambdaHandler) => (path: string) => ({ path, handler });

/** Handlers are typed by their events; the gateway only knows that it makes the right ones. */
const lambda = (handler: unknown) => handler as LambdaHandler;

/** A background function without middy's further ways to be called. */
const plain = <Event, Result>(handler: MiddyHandler<Event, Result>) =>
  ((event: Event, context: WorkerContext) => handler(event, context as never)) as (
    event: Event,
    context: WorkerContext,
  ) => Promise<Result>;

type MiddyHandler<Event, Result> = (event: Event, context: never) => Result | Promise<Result>;
