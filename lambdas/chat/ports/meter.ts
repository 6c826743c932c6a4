/** What is counted, by name and unit. Never by room or by user: those stand in the log. */
export const COUNTS = {
  ConnectionsOpened: 'Count',
  /** At the handshake, and by the client's doing. */
  ConnectionsRefused: 'Count',
  ConnectionsClosed: 'Count',
  /** How long those that closed had been open. */
  ConnectionMinutes: 'Count',
  MessagesStored: 'Count',
  /** Slots of a log that a writer wanted and another got. */
  AppendConflicts: 'Count',
  /** Frames posted to connections, by what became of them. */
  PostsDelivered: 'Count',
  PostsGone: 'Count',
  PostsSlow: 'Count',
  PostsThrottled: 'Count',
  PostsFailed: 'Count',
  /** Leases that were handed on to another worker. */
  PumpHandovers: 'Count',
  /** Rooms that nobody but the audit brought up to date. */
  AuditRescues: 'Count',
  /** Connections that could not be told of their token's expiry, or closed for it. */
  ExpiryFailures: 'Count',
  /** What clients asked for, over REST and sockets, and how much of it was refused. */
  Requests: 'Count',
  RequestsRefused: 'Count',
  /** Of those refused: for they showed no key of the edge's that is known. */
  DirectAccess: 'Count',
  /** Logins that were refused, for whatever reason. */
  LoginsRefused: 'Count',
  /** Accounts that people made for themselves. */
  Registrations: 'Count',
  /** Requests that failed by our doing. */
  Errors: 'Count',
} as const;

/** What is measured again and again, for its distribution. */
export const MEASURES = {
  /** From the wish to store a message until it is stored; of drafts, the longest wait of a group. */
  AppendLatency: 'Milliseconds',
  /** Connections that a round of a pump was for, and the time that its posts took. */
  FanOutSize: 'Count',
  FanOutTime: 'Milliseconds',
} as const;

/** What the canary measures, where there is one: how long each of its steps takes. */
export const CANARY_MEASURES = {
  CanaryLogin: 'Milliseconds',
  CanaryConnect: 'Milliseconds',
  CanaryAck: 'Milliseconds',
  CanaryDelivery: 'Milliseconds',
  CanaryHistory: 'Milliseconds',
} as const;

/** What is left of both where little is watched: what tells that people can't get in or can't write. */
export const BASIC_COUNTS = [
  'Requests',
  'RequestsRefused',
  'ConnectionsRefused',
  'Errors',
] as const satisfies readonly (keyof typeof COUNTS)[];

export type Count = keyof typeof COUNTS;
export type Measure = keyof typeof MEASURES | keyof typeof CANARY_MEASURES;

/** Takes note of what happens, for whoever watches the whole. Cheap, and never throws. */
export interface Meter {
  /** @param by default: 1 */
  count(name: Count, by?: number): void;
  measure(name: Measure, value: number): void;
}

/** For where nobody watches. */
export const silentMeter: Meter = { count() {}, measure() {} };
