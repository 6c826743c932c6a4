import type { Node } from 'constructs';
import type { IssuerSettings } from '../lambdas/auth/issuer-settings.ts';
import {
  DYNAMO_CLIENTS,
  FRAME_RATES,
  LOG_LEVELS,
  OBSERVABILITY,
  type ObservabilityLevel,
  POST_CLIENTS,
  type PostClient,
  REGISTRATION,
  RETENTION_DAYS,
  type Registration,
} from '../lambdas/aws/environment.ts';
import { FRAME_BURST, FRAMES_PER_SECOND } from '../protocol/limits.ts';
import { type Backup, readBackup } from './config/backup.ts';
import { Context } from './config/context.ts';
import { refuseContradictions } from './config/contradictions.ts';
import { type Domain, readDomain } from './config/domain.ts';
import { readIssuers } from './config/issuers.ts';
import { LOG_DAYS, type LogDays } from './config/log-days.ts';
import { readOrigins } from './config/origins.ts';
import { refuseIgnoredBoundary } from './config/permissions-boundary.ts';
import { RELEASES, type Release } from './config/release.ts';
import { readTags, type TagList } from './config/tags.ts';
import { readTakenTable, type TakenTable } from './config/taken-table.ts';
import { readThrottles, type Throttles } from './config/throttles.ts';
import { refuseTypos } from './config/typos.ts';

/** Whose key encrypts what is kept. */
const ENCRYPTION_KEYS = ['aws', 'customer'] as const;

/** What a deployer may choose, each by `-c name=value` or in cdk.json's context. */
export interface Config {
  /**
   * `stage`: a name that tells this chat from others in the same account. The stack is then
   * called `Parlor-<stage>`, else `Parlor`. Of at most 28 letters: CloudFront's name for the edge's
   * function is made of it and the region, and ends at 64.
   */
  stage: string | undefined;
  /** `edge`: CloudFront with the page and one origin for everything. Default: true. */
  edge: boolean;
  /** `domain`, `certificateArn`, `hostedZoneId`: a name of one's own, for the edge. */
  domain: Domain | undefined;
  /** `waf`: a web ACL before the edge, with a rate rule and AWS's managed ones. Default: false. */
  waf: boolean;
  /**
   * `directAccess`: whether the APIs' own addresses answer too, not only the edge. False unless
   * told. Without an edge they always do.
   */
  directAccess: boolean;
  /**
   * `edgeKeyVersion`: which version of the secret that the edge shows to the APIs it is to take up
   * with this deployment: `npm run rotate` says it. Default: the current one.
   */
  edgeKeyVersion: string | undefined;
  /**
   * `allowedOrigins`: origins of pages that may open a socket and call the REST API. Empty lets
   * all open sockets, and none but the edge's own page call the REST API.
   */
  allowedOrigins: readonly string[];
  /**
   * `encryptionKey`: `customer` has a key of the deployer's own encrypt the table, the secrets, the
   * logs, the alarms on their way and the page. Default: `aws`.
   */
  encryptionKey: (typeof ENCRYPTION_KEYS)[number];
  /** `retainData`: whether the table and the token secret outlive the stack. Default: true. */
  retainData: boolean;
  /** `backup`, `backupHours`: another region that copies of the table go to. Default: none. */
  backup: Backup | undefined;
  /** `release`: how a new version of the functions takes over. Default: direct. */
  release: Release;
  /**
   * `table`: a table that was restored, by the ARN of its stream, to use in place of one of the stack's own.
   * Default: its own.
   */
  table: TakenTable | undefined;
  /**
   * `historyRetentionDays`: for how many days what is said from now on is kept. For ever unless
   * told.
   */
  historyRetentionDays: number | undefined;
  /** `tags`: what every part of the stacks is marked with. Default: none. */
  tags: TagList;
  /** `logRetentionDays`: how long CloudWatch keeps logs. Default: 30. */
  logRetentionDays: LogDays;
  /** `logLevel`: `info` (a line for each request) or `error` (only for what failed). */
  logLevel: (typeof LOG_LEVELS)[number];
  /** `alarmEmail`: who is told when something is wrong. Default: nobody. */
  alarmEmail: string | undefined;
  /**
   * `observability`: `full`, or `basic`: alarms on what keeps people out, on ten metrics, and no
   * dashboard. Default: full, for what nobody looks at costs more in a stage that people use.
   */
  observability: ObservabilityLevel;
  /**
   * `monthlyBudget`: US dollars a month of the whole account; `alarmEmail` is told of 80 % spent,
   * 100 % forecast, and of an hour that is far too dear. Default: none.
   */
  monthlyBudget: number | undefined;
  /**
   * `canary`: a function that logs in and talks every five minutes, as people do, and an alarm when
   * it can't. Default: false.
   */
  canary: boolean;
  /** `tracing`: whether invocations are traced with X-Ray, which costs by the trace. Default: false. */
  tracing: boolean;
  /** `dynamoClient`: what calls DynamoDB: `lean`, a transport of our own, or AWS's `sdk`. Default: lean. */
  dynamoClient: (typeof DYNAMO_CLIENTS)[number];
  /** `issuers`: whose tokens are taken. Default: those of the built-in accounts. */
  issuers: IssuerSettings;
  /** `accessTokenMinutes`: how long an access token is good for. Default: 5. */
  accessTokenMinutes: number;
  /** `refreshTokenDays`: how long somebody who was away stays logged in. Default: 1. */
  refreshTokenDays: number;
  /** `rotateRefreshTokens`: a refresh token works once. Default: true. */
  rotateRefreshTokens: boolean;
  /**
   * `loginConcurrency`: how many passwords are hashed at once at most, kept free for that of the
   * account's concurrent executions. Default: none, for a new account has ten, which can't be reserved.
   */
  loginConcurrency: number | undefined;
  /** `registration`: `closed` lets nobody make an account for himself. Default: open. */
  registration: Registration;
  /**
   * `docs`: whether the pages and schemas at /api/docs/ and /api/schema/ are there, for everybody.
   * Default: true.
   */
  docs: boolean;
  /**
   * `strictExpiry`: whether old clients, who can't renew their token, are cut off when it expires.
   * Default: false.
   */
  strictExpiry: boolean;
  /**
   * `roomPostsPerSecond`: requests per second that the pump of one room may make of the account's
   * 10,000 (an account in a newer region has 2,500). Default: 5000.
   */
  roomPostsPerSecond: number;
  /**
   * `postClient`: what posts frames to connections. `undici` is there in case that `lean`, which takes
   * three fifths of its CPU time, meets what it can't deal with. Default: lean.
   */
  postClient: PostClient;
  /** `frameBurst`: how many frames a connection may send at once. Default: 100. */
  frameBurst: number;
  /** `framesPerSecond`: how many frames a second after that. Default: 10. */
  framesPerSecond: number;
  /**
   * `socketRequestsPerSecond`, `socketRequestBurst`, `restRequestsPerSecond`, `restRequestBurst`:
   * what the two APIs let through, of the account's 10,000 a second and 5,000 at once.
   */
  throttles: Throttles;
  /**
   * `apiGatewayLogRole`: whether the stack sets the role by which API Gateway writes the
   * WebSocket API's access log. The setting belongs to the account and region: say false where
   * another stack looks after it. Default: true.
   */
  apiGatewayLogRole: boolean;
}

/** @throws Error that names the setting, what it holds and what it takes */
export function readConfig(node: Node): Config {
  const context = new Context(node);
  const config: Config = {
    stage: context.text(
      'stage',
      /^[a-z][a-z0-9-]{0,27}$/,
      'a name of up to 28 small letters, digits and hyphens that begins with a letter, like staging',
    ),
    edge: context.boolean('edge', true),
    domain: readDomain(context),
    waf: context.boolean('waf', false),
    directAccess: context.boolean('directAccess', false),
    edgeKeyVersion: context.text(
      'edgeKeyVersion',
      /^[\w-]{32,64}$/,
      'the id of a version of the key; "npm run rotate -- --edge-key" says it',
    ),
    allowedOrigins: readOrigins(context),
    encryptionKey: context.oneOf('encryptionKey', ENCRYPTION_KEYS, 'aws'),
    retainData: context.boolean('retainData', true),
    backup: readBackup(context),
    tags: readTags(context),
    release: context.oneOf('release', RELEASES, 'direct'),
    table: readTakenTable(context),
    historyRetentionDays: context.optionalWholeNumber('historyRetentionDays', {
      ...RETENTION_DAYS,
      like: 365,
    }),
    logRetentionDays: context.oneOf('logRetentionDays', LOG_DAYS, 30),
    logLevel: context.oneOf('logLevel', LOG_LEVELS, 'info'),
    alarmEmail: context.text(
      'alarmEmail',
      /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/,
      'an e-mail address, like ops@example.com',
    ),
    observability: context.oneOf('observability', OBSERVABILITY, 'full'),
    monthlyBudget: context.optionalWholeNumber('monthlyBudget', {
      least: 1,
      most: 10_000_000,
      like: 100,
    }),
    canary: context.boolean('canary', false),
    tracing: context.boolean('tracing', false),
    dynamoClient: context.oneOf('dynamoClient', DYNAMO_CLIENTS, 'lean'),
    issuers: readIssuers(context),
    accessTokenMinutes: context.wholeNumber('accessTokenMinutes', {
      // A client is told a minute before its token expires.
      least: 2,
      most: 24 * 60,
      otherwise: 5,
    }),
    refreshTokenDays: context.wholeNumber('refreshTokenDays', {
      least: 1,
      most: 365,
      otherwise: 1,
    }),
    rotateRefreshTokens: context.boolean('rotateRefreshTokens', true),
    loginConcurrency: context.optionalWholeNumber('loginConcurrency', {
      least: 1,
      most: 1_000,
      like: 20,
    }),
    registration: context.oneOf('registration', REGISTRATION, 'open'),
    docs: context.boolean('docs', true),
    strictExpiry: context.boolean('strictExpiry', false),
    roomPostsPerSecond: context.wholeNumber('roomPostsPerSecond', {
      least: 1,
      most: 100_000,
      otherwise: 5_000,
    }),
    postClient: context.oneOf('postClient', POST_CLIENTS, 'lean'),
    frameBurst: context.wholeNumber('frameBurst', { ...FRAME_RATES.burst, otherwise: FRAME_BURST }),
    framesPerSecond: context.wholeNumber('framesPerSecond', {
      ...FRAME_RATES.perSecond,
      otherwise: FRAMES_PER_SECOND,
    }),
    throttles: readThrottles(context),
    apiGatewayLogRole: context.boolean('apiGatewayLogRole', true),
  };
  refuseIgnoredBoundary(node);
  refuseTypos(node, context.known);
  refuseWithoutEdge(config);
  refuseWithoutKey(config);
  refuseContradictions(config);
  return config;
}

/** The name of the stack in CloudFormation, and the beginning of its resources' names. */
export const stackName = ({ stage }: Pick<Config, 'stage'>): string =>
  stage === undefined ? 'Parlor' : `Parlor-${stage}`;

/** What stands at the edge can't stand without one. */
function refuseWithoutEdge({ edge, domain, waf, edgeKeyVersion }: Config): void {
  if (edge) return;
  const lost = Object.entries({ domain, waf, edgeKeyVersion }).find(([, value]) => value);
  if (!lost) return;
  throw new Error(
    `-c ${lost[0]} is a setting of the edge, which -c edge=false leaves out. Leave one of them out.`,
  );
}

function refuseWithoutKey({ edgeKeyVersion, directAccess }: Config): void {
  if (edgeKeyVersion === undefined || !directAccess) return;
  throw new Error(
    '-c edgeKeyVersion says nothing with -c directAccess=true, for there is no key then. ' +
      'Leave one of them out.',
  );
}
