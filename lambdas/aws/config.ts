import { FRAME_BURST, FRAMES_PER_SECOND } from '../../protocol/limits.ts';
import { BUILT_IN_ONLY, type IssuerSettings } from '../auth/issuer-settings.ts';
import { parseIssuers } from '../auth/parse-issuers.ts';
import { TOKEN_LIFETIMES, type TokenLifetimes } from '../auth/tokens.ts';
import type { FrameRate } from '../chat/ports/connection-store.ts';
import {
  type CanarySettings,
  DYNAMO_CLIENTS,
  ENV,
  FRAME_RATES,
  ITSELF,
  LOG_LEVELS,
  OBSERVABILITY,
  POST_CLIENTS,
  type PostClient,
  REGISTRATION,
  RETENTION_DAYS,
  type Registration,
} from './environment.ts';
import type { AwsCredentials } from './request-signer.ts';
import type { LogLevel } from './severity.ts';

/** With or without an alias behind it. */
const OWN_NAME = new RegExp(`^${ITSELF}(?=:|$)`);

/** What a deployed function is told by its environment. */
export interface Config {
  table: string;
  region: string;
  credentials: AwsCredentials;
  /** Where an emulator stands in for all services; undefined on AWS. The SDK reads it by itself. */
  endpoint: string | undefined;
  /** Another address of DynamoDB than the region's own. */
  dynamoEndpoint: string | undefined;
  /** What calls DynamoDB: our own transport or the SDK. */
  dynamoClient: (typeof DYNAMO_CLIENTS)[number];
  /** Functions that sign or check tokens have it. */
  tokenSecretArn: string | undefined;
  /** Functions that refuse what did not come through the edge have it. */
  edgeKeyArn: string | undefined;
  /** Functions that talk to connections have it. */
  connectionsEndpoint: string | undefined;
  /** Functions that pump have it. */
  fanOutFunction: string | undefined;
  /** What posts frames, and hands rounds on. */
  postClient: PostClient;
  /** The canary alone has it. */
  canary: CanarySettings | undefined;
  logLevel: LogLevel;
  observability: (typeof OBSERVABILITY)[number];
  /** The stack's name: by it one stage's metrics are told from another's. */
  stage: string;
  /** Whether invocations are traced with X-Ray. */
  tracing: boolean;
  settings: Settings;
}

/** What the operator may choose. */
export interface Settings {
  issuers: IssuerSettings;
  tokenLifetimes: TokenLifetimes;
  rotateRefreshTokens: boolean;
  /** Whether people may make accounts for themselves. Closed, `npm run createsuperuser` still does. */
  registration: Registration;
  /** Whether the docs are there. */
  docs: boolean;
  /** Origins whose pages may open a socket; undefined lets all. */
  allowedOrigins: readonly string[] | undefined;
  /** Whether old clients, who can't renew their token, are cut off when it expires. */
  strictExpiry: boolean;
  /** See PumpPorts. */
  roomPostsPerSecond: number;
  frameRate: FrameRate;
  /** For how many days what is said from now on is kept; undefined for ever. */
  historyRetentionDays: number | undefined;
}

export const DEFAULT_SETTINGS: Settings = {
  issuers: BUILT_IN_ONLY,
  tokenLifetimes: TOKEN_LIFETIMES,
  rotateRefreshTokens: true,
  registration: 'open',
  docs: true,
  allowedOrigins: undefined,
  strictExpiry: false,
  roomPostsPerSecond: 5_000,
  frameRate: { burst: FRAME_BURST, perSecond: FRAMES_PER_SECOND },
  historyRetentionDays: undefined,
};

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment of a deployed function. Nothing else does.
 *
 * @throws Error naming every variable that is missing
 */
export function readConfig(env: Environment = process.env): Config {
  // Lambda itself sets the AWS_ ones.
  const required = {
    table: ENV.table,
    region: 'AWS_REGION',
    accessKeyId: 'AWS_ACCESS_KEY_ID',
    secretAccessKey: 'AWS_SECRET_ACCESS_KEY',
  };
  const missing = Object.values(required).filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Error(`Set the environment variables ${missing.join(', ')}.`);
  }
  const get = (name: string) => env[name] ?? '';
  const endpoint = env.AWS_ENDPOINT_URL || undefined;
  return {
    endpoint,
    dynamoEndpoint: env.AWS_ENDPOINT_URL_DYNAMODB || endpoint,
    dynamoClient: readDynamoClient(env),
    table: get(required.table),
    region: get(required.region),
    credentials: {
      accessKeyId: get(required.accessKeyId),
      secretAccessKey: get(required.secretAccessKey),
      sessionToken: env.AWS_SESSION_TOKEN,
    },
    tokenSecretArn: env[ENV.tokenSecretArn],
    edgeKeyArn: env[ENV.edgeKeyArn],
    connectionsEndpoint: readConnectionsEndpoint(env[ENV.connectionsEndpoint], endpoint),
    fanOutFunction: env[ENV.fanOutFunction]?.replace(
      OWN_NAME,
      env.AWS_LAMBDA_FUNCTION_NAME ?? ITSELF,
    ),
    postClient: readOneOf(env, ENV.postClient, POST_CLIENTS, 'lean'),
    canary: env[ENV.canary] ? JSON.parse(get(ENV.canary)) : undefined,
    logLevel: readOneOf(env, ENV.logLevel, LOG_LEVELS, 'info'),
    observability: readOneOf(env, ENV.observability, OBSERVABILITY, 'full'),
    stage: env[ENV.stage] || 'Parlor',
    tracing: readFlag(env, ENV.tracing, false),
    settings: readSettings(env, (json) => JSON.parse(json)),
  };
}

/**
 * Our own transport knows the addresses of AWS's public regions. The SDK serves the other partitions,
 * and the addresses for FIPS and IPv6, whatever is wanted.
 */
function readDynamoClient(env: Environment): Config['dynamoClient'] {
  const wanted = readOneOf(env, ENV.dynamoClient, DYNAMO_CLIENTS, 'lean');
  const elsewhere =
    /^(cn|us-iso|us-isob|eu-isoe|us-isof|eusc)-/.test(env.AWS_REGION ?? '') ||
    env.AWS_USE_FIPS_ENDPOINT === 'true' ||
    env.AWS_USE_DUALSTACK_ENDPOINT === 'true';
  return elsewhere ? 'sdk' : wanted;
}

/**
 * A stage's own host is nowhere to be found for whoever talks to an emulator. LocalStack, and
 * those that follow it, have every API on their one address, at this path.
 */
function readConnectionsEndpoint(address: string | undefined, emulator: string | undefined) {
  if (!address || !emulator) return address;
  const { hostname, pathname } = new URL(address);
  return `${emulator.replace(/\/$/, '')}/_aws/execute-api/${hostname.split('.')[0]}${pathname}`;
}

function readOneOf<Choice extends string>(
  env: Environment,
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const wanted = env[name] || otherwise;
  const known = choices.find((choice) => choice === wanted);
  if (known) return known;
  throw new Error(`${name} is "${wanted}". Set it to ${choices.join(' or ')}.`);
}

/**
 * @param readIssuers what a deployed function finds was checked when it was deployed; to do so once
 *   more would cost each of its starts
 */
function readSettings(env: Environment, readIssuers: (json: string) => IssuerSettings): Settings {
  const issuers = env[ENV.issuers];
  return {
    issuers: issuers ? readIssuers(issuers) : BUILT_IN_ONLY,
    tokenLifetimes: readTokenLifetimes(env),
    strictExpiry: readFlag(env, ENV.strictExpiry, false),
    roomPostsPerSecond: readRate(env),
    frameRate: {
      burst: readFrames(env, ENV.frameBurst, FRAME_BURST, FRAME_RATES.burst),
      perSecond: readFrames(env, ENV.framesPerSecond, FRAMES_PER_SECOND, FRAME_RATES.perSecond),
    },
    historyRetentionDays: readRetention(env),
    rotateRefreshTokens: readFlag(env, ENV.rotateRefreshTokens, true),
    registration: readOneOf(env, ENV.registration, REGISTRATION, 'open'),
    docs: readFlag(env, ENV.docs, true),
    allowedOrigins: readOrigins(env),
  };
}

function readFlag(env: Environment, name: string, otherwise: boolean): boolean {
  const value = env[name] || String(otherwise);
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`${name} is "${value}". Set it to true or false.`);
}

/** An empty list would lock everybody out: it counts as none. */
function readOrigins(env: Environment): string[] | undefined {
  const origins = (env[ENV.allowedOrigins] ?? '').split(',').map((origin) => origin.trim());
  const given = origins.filter((origin) => origin !== '');
  return given.length > 0 ? given : undefined;
}

function readRate(env: Environment): number {
  const value = env[ENV.roomPostsPerSecond] || DEFAULT_SETTINGS.roomPostsPerSecond;
  const rate = Number(value);
  if (rate > 0 && rate <= 100_000) return rate;
  throw new Error(`${ENV.roomPostsPerSecond} is "${value}". Set it to a number from 1 to 100000.`);
}

function readFrames(
  env: Environment,
  name: string,
  otherwise: number,
  { least, most }: { least: number; most: number },
): number {
  const frames = readWholeNumber(env, name, otherwise);
  if (frames >= least && frames <= most) return frames;
  throw new Error(`${name} is "${frames}". Set it to a number from ${least} to ${most}.`);
}

function readRetention(env: Environment): number | undefined {
  const value = env[ENV.historyRetentionDays];
  if (!value) return undefined;
  const { least, most } = RETENTION_DAYS;
  const days = /^\d+$/.test(value) ? Number(value) : 0;
  if (days >= least && days <= most) return days;
  throw new Error(
    `${ENV.historyRetentionDays} is "${value}". Set it to a number of days from ${least} to ${most}, or not at all to keep history for ever.`,
  );
}

function readTokenLifetimes(env: Environment): TokenLifetimes {
  const { access, refresh } = TOKEN_LIFETIMES;
  return {
    access: MINUTE * readWholeNumber(env, ENV.accessTokenMinutes, access / MINUTE),
    refresh: DAY * readWholeNumber(env, ENV.refreshTokenDays, refresh / DAY),
  };
}

function readWholeNumber(env: Environment, name: string, otherwise: number): number {
  const value = env[name] || String(otherwise);
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new Error(`${name} is "${value}". Set it to a whole number, like ${otherwise}.`);
}

/** What `npm start` is told by its environment. */
export interface LocalConfig {
  port: number;
  /** Where data is kept. */
  dataFolder: string;
  /** Another DynamoDB endpoint than the embedded one. */
  dynamoEndpoint: string | undefined;
  /** Names, addresses and ranges of proxies, as they are told. */
  trustProxy: string | undefined;
  logLevel: LogLevel;
  settings: Settings;
}

/** @throws Error saying what to do, when PORT is no port */
export function readLocalConfig(env: Environment = process.env): LocalConfig {
  const port = Number(env.PORT || 8000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is "${env.PORT}". Give a number from 1 to 65535, for example PORT=8001.`);
  }
  return {
    port,
    dataFolder: env[ENV.dataFolder] || '.parlor',
    dynamoEndpoint: env[ENV.dynamoEndpoint] || undefined,
    trustProxy: env[ENV.trustProxy] || undefined,
    logLevel: readOneOf(env, ENV.logLevel, LOG_LEVELS, 'error'),
    settings: readSettings(env, (json) => parseIssuers(json, ENV.issuers, 'local')),
  };
}
