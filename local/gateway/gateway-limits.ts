import {
  CONNECTION_IDLE,
  CONNECTION_LIFETIME,
  FRAME_BURST,
  FRAME_BYTES,
  SOCKET_ADDRESS_CHARS,
  SOCKET_MESSAGE_BYTES,
} from '../../protocol/limits.ts';

/** What API Gateway (and Lambda behind it) allows. Tests set some of them lower. */
export interface GatewayLimits {
  /** Seconds without a message in either direction after which a connection ends with 1001. */
  idleSeconds: number;
  /** Seconds after which every connection ends with 1001. */
  lifetimeSeconds: number;
  /** Payload of one frame from a client, in bytes. */
  frameBytes: number;
  /** Payload of one message over all its frames, and of one post, in bytes. */
  messageBytes: number;
  /** Unsent bytes for one client at which a post to it answers 429. */
  bufferedBytes: number;
  /** Frames of one connection that are at work at once; of more, one goes after the other. */
  framesAtWork: number;
  /** Frames of one connection that wait for that; more are refused. */
  framesWaiting: number;
  /** Calls of handlers that are at work at once, whosever they are. */
  workAtOnce: number;
  /** Calls of one caller that are at work at once; of more, one goes after the other. */
  workOfCaller: number;
  /** Calls that are at work at once in one place, such as a room. */
  workInPlace: number;
  /** Calls that wait for their turn; more answer 503. */
  waitingInAll: number;
  /** Calls of one caller that wait; more answer 429. */
  waitingOfCaller: number;
  /** Calls that wait in one place; more answer 503. */
  waitingInPlace: number;
  /** Seconds that a call waits for its turn at most. Where turns take half of that, more answer 503. */
  longestWaitSeconds: number;
  /** Posts per second over all connections; more answer 429. 0 lets none through. */
  postsPerSecond: number;
  /** Posts that may come at once, after a pause, on top of `postsPerSecond`. */
  postBurst: number;
  /** Seconds a handler of a WebSocket route has. */
  integrationTimeoutSeconds: number;
  /** Seconds a handler of an HTTP route has. */
  httpTimeoutSeconds: number;
  /** Body of one HTTP request, in bytes. */
  restBodyBytes: number;
  /** What a handler may answer, as JSON, in bytes. */
  lambdaAnswerBytes: number;
  /** Path and query of an upgrade request as they reach the stage, in characters. */
  urlChars: number;
  /** Request line and headers together, in bytes. */
  headerBytes: number;
  /** Seconds that a client has to answer a close frame before its connection is cut. */
  closeSeconds: number;
}

/** Values from "Amazon API Gateway quotas" and "Lambda quotas", but where a comment says otherwise. */
export const AWS_LIMITS: Readonly<GatewayLimits> = {
  idleSeconds: CONNECTION_IDLE,
  lifetimeSeconds: CONNECTION_LIFETIME,
  frameBytes: FRAME_BYTES,
  messageBytes: SOCKET_MESSAGE_BYTES,
  // AWS does not say how much it buffers for one client. Enough for a burst, small in memory.
  bufferedBytes: 1024 * 1024,
  // On AWS each call has a function to itself, and the stage's throttle bounds them. Here all share
  // one process: a few at once use it up, more only take longer.
  framesAtWork: 8,
  framesWaiting: FRAME_BURST,
  workAtOnce: 32,
  workOfCaller: 4,
  workInPlace: 16,
  waitingInAll: 2_000,
  waitingOfCaller: 100,
  waitingInPlace: 1_000,
  longestWaitSeconds: 3,
  // The account's whole budget: on AWS, requests and messages draw on it as well.
  postsPerSecond: 10_000,
  postBurst: 5_000,
  integrationTimeoutSeconds: 29,
  httpTimeoutSeconds: 30,
  restBodyBytes: 10 * 1024 * 1024,
  lambdaAnswerBytes: 6 * 1024 * 1024,
  urlChars: SOCKET_ADDRESS_CHARS,
  headerBytes: 10_240,
  // AWS does not say.
  closeSeconds: 5,
};
