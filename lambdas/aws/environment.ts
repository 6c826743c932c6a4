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
  /** "true" binds old clients to their token's expiry as well. */
  strictExpiry: 'PARLOR_STRICT_EXPIRY',
  /** "false" lets a refresh token be used again until it expires. */
  rotateRefreshTokens: 'PARLOR_ROTATE_REFRESH_TOKENS',
  /** Comma-separated origins that may open a socket; unset allows all. */
  allowedOrigins: 'PARLOR_ALLOWED_ORIGINS',
  /** `info` (a line for each request) or `error` (only for what failed). */
  logLevel: 'PARLOR_LOG_LEVEL',
  /** Only `npm start`: the folder of its data, `.parlor` unless told. */
  dataFolder: 'PARLOR_DATA',
  /** Only `npm start`: another DynamoDB endpoint than the embedded one. */
  dynamoEndpoint: 'PARLOR_DYNAMODB_ENDPOINT',
} as const;

/** What the fanout function finds for its own name: a stack can't tell a function that. */
export const ITSELF = 'itself';
