/**
 * Names of Parlor's environment variables. The constructs in lib/ set them by these constants;
 * config.ts reads them, and nothing else does.
 */
export const ENV = {
  /** Name of the DynamoDB table. */
  table: 'PARLOR_TABLE',
  /** ARN of the Secrets Manager secret whose text signs tokens. */
  tokenSecretArn: 'PARLOR_TOKEN_SECRET_ARN',
  /** https://... to which /@connections/{id} is appended. */
  connectionsEndpoint: 'PARLOR_CONNECTIONS_ENDPOINT',
  /** Name of the function that goes on with a room's pump. */
  fanOutFunction: 'PARLOR_FANOUT_FUNCTION',
  /** Requests per second that one room's pump may make. */
  roomPostsPerSecond: 'PARLOR_ROOM_POSTS_PER_SECOND',
  /** What posts frames: `lean` or `undici`. */
  postClient: 'PARLOR_POST_CLIENT',
  /** How many frames a connection may send at once, and a second after that. */
  frameBurst: 'PARLOR_FRAME_BURST',
  framesPerSecond: 'PARLOR_FRAMES_PER_SECOND',
  /** For how many days what is said is kept; for ever where it is not set. */
  historyRetentionDays: 'PARLOR_HISTORY_RETENTION_DAYS',
  /** ARN of the secret that the edge shows; where it is set, requests without it are refused. */
  edgeKeyArn: 'PARLOR_EDGE_KEY_ARN',
  /** How long an access token is good for, and a refresh token. */
  accessTokenMinutes: 'PARLOR_ACCESS_TOKEN_MINUTES',
  refreshTokenDays: 'PARLOR_REFRESH_TOKEN_DAYS',
  /** "true" binds old clients to their token's expiry as well. */
  strictExpiry: 'PARLOR_STRICT_EXPIRY',
  /** "false" lets a refresh token be used again until it expires. */
  rotateRefreshTokens: 'PARLOR_ROTATE_REFRESH_TOKENS',
  /** "closed" lets nobody make an account for himself. */
  registration: 'PARLOR_REGISTRATION',
  /** "false" where the docs are not there. */
  docs: 'PARLOR_DOCS',
  /** JSON of who else may issue tokens. Deployed: IssuerSettings, as lib/ has read and checked it. */
  issuers: 'PARLOR_ISSUERS',
  /** Comma-separated origins that may open a socket; unset allows all. */
  allowedOrigins: 'PARLOR_ALLOWED_ORIGINS',
  /** `info` (a line for each request) or `error` (only for what failed). */
  logLevel: 'PARLOR_LOG_LEVEL',
  /** JSON of CanarySettings, for the canary alone. */
  canary: 'PARLOR_CANARY',
  /** `basic` (what the urgent alarms look at) or `full`: which metrics are written. */
  observability: 'PARLOR_OBSERVABILITY',
  /** The stack's name, under which its metrics are. */
  stage: 'PARLOR_STAGE',
  /** "true" traces invocations with X-Ray. */
  tracing: 'PARLOR_TRACING',
  /** What calls DynamoDB: `lean`, our own transport, or `sdk`. */
  dynamoClient: 'PARLOR_DYNAMODB_CLIENT',
  /** Only `npm start`: the folder of its data. Default: `.parlor`. */
  dataFolder: 'PARLOR_DATA',
  /** Only `npm start`: another DynamoDB endpoint than the embedded one. */
  dynamoEndpoint: 'PARLOR_DYNAMODB_ENDPOINT',
  /** Only `npm start`: the proxies whose X-Forwarded headers count. Default: none. */
  trustProxy: 'PARLOR_TRUST_PROXY',
} as const;

/** Where the canary finds the chat, and what it gets in by. `lib/` writes it. */
export interface CanarySettings {
  url: string;
  socketUrl?: string | undefined;
  origin?: string | undefined;
  secretArn: string;
  /** Whether the chat has accounts of its own. */
  hasAccounts: boolean;
}

/** What is worth a line of the log. */
export const LOG_LEVELS = ['info', 'error'] as const;

/** What posts frames to connections: Parlor's own client, or the one that it is held equal to. */
export const POST_CLIENTS = ['lean', 'undici'] as const;
export type PostClient = (typeof POST_CLIENTS)[number];

/** How much of a stage is watched. */
export const OBSERVABILITY = ['basic', 'full'] as const;
export type ObservabilityLevel = (typeof OBSERVABILITY)[number];

/** What calls DynamoDB. */
export const DYNAMO_CLIENTS = ['lean', 'sdk'] as const;

/** Whether people may make accounts for themselves. */
export const REGISTRATION = ['open', 'closed'] as const;
export type Registration = (typeof REGISTRATION)[number];

/** For how many days history can be kept. The log's adapter relies on the shortest. */
export const RETENTION_DAYS = { least: 1, most: 3_650 } as const;

/** What a connection's rate can be. Fewer at once than clients send when they come would keep them out. */
export const FRAME_RATES = {
  burst: { least: 20, most: 10_000 },
  perSecond: { least: 1, most: 1_000 },
} as const;

/**
 * What the fanout function finds for its own name, with `:<alias>` behind it where it has one: a stack
 * can't tell a function that.
 */
export const ITSELF = 'itself';
