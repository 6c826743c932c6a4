import { ENV } from './environment.ts';
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
  logLevel: LogLevel;
  settings: Settings;
}

/** What the operator may choose. */
export interface Settings {
  rotateRefreshTokens: boolean;
  /** Origins whose pages may open a socket; undefined lets all. */
  allowedOrigins: readonly string[] | undefined;
}

export const DEFAULT_SETTINGS: Settings = { rotateRefreshTokens: true, allowedOrigins: undefined };

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
    logLevel: readLogLevel(env, 'info'),
    settings: readSettings(env),
  };
}

function readLogLevel(env: Environment, otherwise: LogLevel): LogLevel {
  const level = env[ENV.logLevel] ?? otherwise;
  if (level === 'info' || level === 'error') return level;
  throw new Error(`${ENV.logLevel} is "${level}". Set it to info or error.`);
}

function readSettings(env: Environment): Settings {
  return {
    rotateRefreshTokens: env[ENV.rotateRefreshTokens] !== 'false',
    allowedOrigins: env[ENV.allowedOrigins]?.split(',').map((origin) => origin.trim()),
  };
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
  const port = Number(env.PORT ?? 8000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is "${env.PORT}". Give a number from 1 to 65535, for example PORT=8001.`);
  }
  return {
    port,
    dataFolder: env[ENV.dataFolder] ?? '.parlor',
    dynamoEndpoint: env[ENV.dynamoEndpoint],
    logLevel: readLogLevel(env, 'error'),
    settings: readSettings(env),
  };
}
