/** The stage's name, as events give it and as the direct URL holds it. */
export const STAGE = 'local';

const STAGE_PATHS = new Set(['/', `/${STAGE}`, `/${STAGE}/`]);
const ROOM_PATH = /^\/ws\/chat\/([^/]+)\/?$/;

/** Whether a path belongs to the WebSocket API alone, so that a plain request is out of place. */
export const isSocketPath = (path: string): boolean => path.startsWith('/ws/');

/** How long the path and query are with which an upgrade request reaches the stage. */
export const lengthAtStage = (query: string): number => `/${STAGE}?${query}`.length;

/**
 * The query string with which an upgrade request reaches the WebSocket API, or undefined for a
 * path that API Gateway has nothing at: it knows no path after the stage.
 *
 * `/ws/chat/<room>/` is moved into the query, as the CloudFront function in front of a deployed
 * stage does: the room stays percent-encoded as the client sent it, and replaces a `room` of the
 * client's own query.
 */
export function socketQuery(path: string, query: string): string | undefined {
  if (STAGE_PATHS.has(path)) return query;
  const room = ROOM_PATH.exec(path)?.[1];
  if (room === undefined) return undefined;
  // Both are plain characters in a path, but not in a query.
  const value = room.replaceAll('&', '%26').replaceAll('+', '%2B');
  const rest = query
    .split('&')
    .filter((pair) => pair !== '' && !new URLSearchParams(pair).has('room'));
  return [`room=${value}`, ...rest].join('&');
}
