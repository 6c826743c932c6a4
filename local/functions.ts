import { availableParallelism } from 'node:os';
import { boundedHasher } from '../lambdas/auth/bounded-hasher.ts';
import { tokenKeys } from '../lambdas/auth/token-keys.ts';
import { hmacTokens } from '../lambdas/auth/tokens.ts';
import type { Settings } from '../lambdas/aws/config.ts';
import { dynamoConnectionStore } from '../lambdas/aws/connection-store.ts';
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
import type { PasswordHasher } from '../lambdas/chat/ports/password.ts';
import { auditHandler } from '../lambdas/edge/audit.ts';
import { DOCS_PATHS } from '../lambdas/edge/docs/addresses.ts';
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
import { ACTION_NAMES, SERVED_BY } from '../lambdas/edge/socket/served-by.ts';
import { tokenExpiryHandler } from '../lambdas/edge/token-expiry.ts';
import { LOGIN_ROUTES } from '../protocol/login-routes.ts';
import { Backlog } from './backlog.ts';
import { Claims } from './claims.ts';
import { localConnections } from './connections.ts';
import type { Database } from './database.ts';
import { builtDocs } from './docs.ts';
import type { Connections, GatewayRoutes, LambdaHandler } from './gateway/gateway.ts';
import { issuerSecrets } from './issuer-secrets.ts';
import { readableLines } from './readable-lines.ts';
import { refusedFrame } from './refused-frame.ts';
import { Stream } from './stream.ts';
import { localTokenSecret } from './token-secret.ts';
import { localRelay, type WorkerContext, type Workers } from './workers.ts';

/**
 * At most half of the threads that Node has for such work, and the process keeps a processor. The last
 * of those that wait does so for some seconds, on a busy machine for half of the time that a handler has.
 */
const HASHING = {
  atOnce: Math.min(2, Math.max(1, availableParallelism() - 1)),
  waiting: 16,
  longestWaitMs: 15_000,
};

export interface FunctionsOptions {
  /** Where the database, the token secret and the built page are kept. */
  dataFolder: string;
  settings: Settings;
  logLevel?: LogLevel;
  /** How often connections are looked at whose token runs out. Default: a minute, as deployed. */
  tokenSweepMs?: number;
  /** What passwords are hashed with. Default: as deployed. */
  hasher?: PasswordHasher;
}

/**
 * What lib/ deploys, behind which route or trigger.
 *
 * @param tableFor the table, as a function of that name reaches it
 * @param closers get what ends the work that nobody asked for
 */
export async function functions(
  tableFor: Database['tableFor'],
  connections: Connections,
  workers: Workers,
  options: FunctionsOptions,
  closers: (() => Promise<unknown>)[],
): Promise<GatewayRoutes> {
  const { dataFolder, settings, logLevel = 'error', tokenSweepMs = 60_000 } = options;
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

  const backlog = new Backlog();
  const rooms = (table: Table) =>
    backlog.watch(stream.watch(roomServices(table, gateway, relay, settings, observed)));
  const connectionStore = dynamoConnectionStore(tableFor('sendMessage'));
  const claims = new Claims({ tokens, connections: connectionStore, backlog });
  const identity = (table: Table) => {
    const services = identityServices(table, tokens, settings, readSecret);
    return { ...services, outside: services.outside && claims.learningFrom(services.outside) };
  };
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
  const docs = lambda(docsHandler(builtDocs()));
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
  const hasher = boundedHasher(options.hasher ?? withPasswords.hasher, HASHING);
  const login = lambda(httpHandler({ ...withPasswords, hasher }, loginOperations));
  return {
    socket: {
      $connect: lambda(connectHandler(both(tableFor('connect')))),
      $disconnect: lambda(disconnectHandler(rooms(tableFor('disconnect')))),
      $default: send,
      ...Object.fromEntries(
        ACTION_NAMES.map((action) => [
          action,
          { sendMessage: send, roomAction }[SERVED_BY[action]],
        ]),
      ),
    },
    // As lib/socket-api.ts has it.
    withoutResponse: ['$default'],
    allowedOrigins: settings.allowedOrigins,
    claimOf: claims.of,
    refusedFrame,
    http: [
      ...(settings.docs ? DOCS_PATHS.map(to(docs)) : []),
      ...LOGIN_ROUTES.map(({ method, path }) => ({ method, path, handler: login })),
      { path: '$default', handler: http },
    ],
  };
}

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
