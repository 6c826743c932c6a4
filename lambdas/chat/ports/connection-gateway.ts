/**
 * The way to a connected client (API Gateway's @connections API).
 */
export interface ConnectionGateway {
  /**
   * Sends one frame.
   *
   * `gone`: the gateway says there is no such connection. That has been seen for live ones: ask
   * `isOpen` before acting on it. `slow`: throttled, its buffer is full, or no answer in time; the
   * frame may or may not arrive.
   *
   * @param frame at most FRAME_BYTES
   * @throws on a fault of ours: not allowed, frame too large, gateway unreachable
   */
  post(connectionId: string, frame: string): Promise<'delivered' | 'gone' | 'slow'>;

  /** Whether the connection exists. @throws when that can't be found out */
  isOpen(connectionId: string): Promise<boolean>;
}
