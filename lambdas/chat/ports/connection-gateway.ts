/**
 * The way to a connected client (API Gateway's @connections API).
 */
export interface ConnectionGateway {
  /**
   * Sends one frame.
   *
   * `gone`: the gateway says there is no such connection. That has been seen for live ones: ask
   * `isOpen` before acting on it. `throttled`: the account's rate or this client's buffer; it did
   * not arrive. `slow`: no answer in time; it may or may not arrive.
   *
   * @param frame at most FRAME_BYTES
   * @throws on a fault of ours: not allowed, frame too large, gateway unreachable
   */
  post(connectionId: string, frame: string): Promise<PostOutcome>;

  /** Whether the connection exists. @throws when that can't be found out */
  isOpen(connectionId: string): Promise<boolean>;

  /** Ends a connection. Harmless when it has ended. */
  close(connectionId: string): Promise<void>;
}

export type PostOutcome = 'delivered' | 'gone' | 'throttled' | 'slow';
