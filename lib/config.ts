import type { Node } from 'constructs';

/** What a deployer may choose, each by `-c name=value` or in cdk.json's context. */
export interface Config {
  /** `edge`: CloudFront with the page and one origin for everything. True unless told. */
  edge: boolean;
  /** `rotateRefreshTokens`: a refresh token works once. True unless told. */
  rotateRefreshTokens: boolean;
  /** `allowedOrigins`: origins of pages that may open a socket. Empty allows all. */
  allowedOrigins: readonly string[];
  /**
   * `apiGatewayLogRole`: whether the stack sets the role by which API Gateway writes the
   * WebSocket API's access log. The setting belongs to the account and region: say false where
   * another stack looks after it. True unless told.
   */
  apiGatewayLogRole: boolean;
  /**
   * `strictExpiry`: whether old clients, who can't renew their token, are cut off when it expires.
   * False unless told.
   */
  strictExpiry: boolean;
  /**
   * `roomPostsPerSecond`: requests per second that the pump of one room may make of the account's
   * 10,000 (an account in a newer region has 2,500). 5000 unless told.
   */
  roomPostsPerSecond: number;
}

const ROOM_POSTS_PER_SECOND = 5_000;
const MOST_POSTS_PER_SECOND = 100_000;

/** @throws Error that names the setting, what it holds and what it takes */
export function readConfig(node: Node): Config {
  return {
    edge: readBoolean(node, 'edge', true),
    rotateRefreshTokens: readBoolean(node, 'rotateRefreshTokens', true),
    allowedOrigins: readOrigins(node, 'allowedOrigins'),
    apiGatewayLogRole: readBoolean(node, 'apiGatewayLogRole', true),
    strictExpiry: readBoolean(node, 'strictExpiry', false),
    roomPostsPerSecond: readRate(node, 'roomPostsPerSecond', ROOM_POSTS_PER_SECOND),
  };
}

function readBoolean(node: Node, name: keyof Config, otherwise: boolean): boolean {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return otherwise;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new Error(`-c ${name}=${value} is neither true nor false. Write -c ${name}=false.`);
}

function readRate(node: Node, name: keyof Config, otherwise: number): number {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return otherwise;
  const rate = /^\d+$/.test(String(value)) ? Number(value) : 0;
  if (rate >= 1 && rate <= MOST_POSTS_PER_SECOND) return rate;
  throw new Error(
    `-c ${name}=${value} is not a whole number from 1 to ${MOST_POSTS_PER_SECOND}. ` +
      `Write -c ${name}=${otherwise}.`,
  );
}

function readOrigins(node: Node, name: keyof Config): string[] {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return [];
  if (typeof value !== 'string') {
    throw new Error(`${name} is a text of origins separated by commas, not ${typeof value}.`);
  }
  const origins = value.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (!isOrigin(origin)) {
      throw new Error(
        `-c ${name}: "${origin}" is not an origin. Write scheme, host and port as a browser ` +
          'sends them, like https://chat.example.com, with commas between; leave it out to allow all.',
      );
    }
  }
  return origins;
}

/** In the very spelling of a browser's Origin header, for it is compared as text. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}
