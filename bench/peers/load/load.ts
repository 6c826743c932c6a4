/** Work that is asked of every peer alike. */
export interface Load {
  name: string;
  rooms: number;
  /** Of each room. */
  members: number;
  /**
   * `turns`: a member sends once everybody has what the one before sent. `steady`: messages come at
   * their times, whatever becomes of those before.
   */
  pace: { kind: 'turns' } | { kind: 'steady'; perSecond: number };
  /** For so long it is measured, after WARM_UP_SECONDS. */
  seconds: number;
  /** It ends with so many messages, if that is earlier. */
  messages?: number;
}

export const WARM_UP_SECONDS = 2;

/** What became of it. */
export interface Loaded {
  /** Sent, once it was warm. */
  messages: number;
  seconds: number;
  /** From send to receipt, milliseconds; absent where nothing came. */
  p50?: number;
  p99?: number;
  /** Receipts, of messages times members. */
  deliveries: number;
  due: number;
  /** Messages that the server said it didn't take. */
  refused: number;
  /** CPU time of the server and all that it started. */
  cpuMs: number;
}
