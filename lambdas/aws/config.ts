import { ENV, ITSELF } from './environment.ts';
import type { LogLevel } from './journal.ts';
import type { AwsCredentials } from './request-signer.ts';

/** What a deployed function is told by its environment. */
export interface Config {
  table: string;
  region: string;
  credentials: AwsCredentials;
  /** Functions that sign or check tokens have it. */
  tokenSecretArn: string | undefined;
  /** Functions that talk to connections have it. */
  connectionsEndpoint: string | undefined;
  /** Functions that pump have it. */
  fanOutFunction: string | undefined;
  logLevel: LogLevel;
  settings: Settings;
}

/** What the operator may choose. */
export interface Settings {
  rotateRefreshTokens: boolean;
  /** Origins whose pages may open a socket; undefined lets all. */
  allowedOrigins: readonly string[] | undefined;
  /** Whether old clients, who can't renew their token, are cut off when it expires. */
  strictExpiry: boolean;
  /** See PumpPorts. */
  roomPostsPerSecond: number;
}

export const DEFAULT_SETTINGS: Settings = {
  rotateRefreshTokens: true,
  allowedOrigins: undefined,
  strictExpiry: false,
  roomPostsPerSecond: 5_000,
};

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
  return {
    table: get(required.table),
    region: get(required.region),
    credentials: {
      accessKeyId: get(required.accessKeyId),
      secretAccessKey: get(required.secretAccessKey),
      sessionToken: env.AWS_SESSION_TOKEN,
    },
    tokenSecretArn: env[ENV.tokenSecretArn],
    connectionsEndpoint: env[ENV.connectionsEndpoint],
    fanOutFunction:
      env[ENV.fanOutFunction] === ITSELF ? env.AWS_LAMBDA_FUNCTION_NAME : env[ENV.fanOutFunction],
    logLevel: readLogLevel(env, 'info'),
    settings: readSettings(env),
  };
}

function readLogLevel(env: Environment, otherwise: LogLevel): LogLevel {
  const level = env[ENV.logLevel] || otherwise;
  if (level === 'info' || level === 'error') return level;
  throw new Error(`${ENV.logLevel} is "${level}". Set it to info or error.`);
}

function readSettings(env: Environment): Settings {
  return {
    strictExpiry: readFlag(env, ENV.strictExpiry, false),
    roomPostsPerSecond: readRate(env),
    rotateRefreshTokens: readFlag(env, ENV.rotateRefreshTokens, true),
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

/** What `npm start` is told by its environment. */
export interface LocalConfig {
  port: number;
  /** Where data is kept. */
  dataFolder: string;
  /** Another DynamoDB endpoint than the embedded one. */
  dynamoEndpoint: string | undefined;
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
    logLevel: readLogLevel(env, 'error'),
    settings: readSettings(env),
  };
}
