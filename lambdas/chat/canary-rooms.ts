/** How the names of canaries' rooms begin. The rest follows from a secret: nobody else finds it. */
export const CANARY_ROOMS = 'parlor-canary-';

/** What is said there is kept for a day, whatever the setting: a room that is written to for ever. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/**
 * For how long what is said in a room is kept, in milliseconds; undefined for ever.
 *
 * @param retentionMs what the operator chose for all rooms
 */
export function keptIn(room: string, retentionMs: number | undefined): number | undefined {
  if (!room.startsWith(CANARY_ROOMS)) return retentionMs;
  return Math.min(KEPT_MS, retentionMs ?? KEPT_MS);
}
