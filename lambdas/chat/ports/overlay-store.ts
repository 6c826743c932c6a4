import type { Overlay } from '../overlay.ts';

/**
 * What hangs on messages, an item for each that has something. Written by whoever holds the room's lease
 * alone. Strongly consistent.
 */
export interface OverlayStore {
  /** What hangs on each of these messages, in their order; undefined where nothing does. None of them twice. */
  find(room: string, targets: readonly number[]): Promise<(Overlay | undefined)[]>;

  /** What hangs on the messages from the first seq to the last, by seq; at most PAGE_MAX or so of them. */
  between(room: string, first: number, last: number): Promise<Overlay[]>;

  /**
   * Puts an overlay in the place of the one that it was folded from.
   *
   * @param from that one's `asOf`; 0 where there was none
   * @returns `outdated` when another stands there: nothing was written
   */
  put(overlay: Overlay, from: number): Promise<'stored' | 'outdated'>;
}
