import { REFRESH_REUSE_GRACE } from '../../protocol/limits.ts';
import type { Session } from '../chat/ports/session-store.ts';

/**
 * Whether a refresh token was traded for the newest one a moment ago.
 *
 * A refresh token that comes a second time may have been stolen, by whoever came first or second:
 * so the login ends for both (RFC 9700, 4.14.2). But most that come twice come from one client:
 * the first answer was lost, or came after the page was reloaded, or two tabs asked at once. Those
 * come within seconds, and none has used the new token yet, so they get the same one again.
 *
 * That keeps what the RFC wants of rotation, to find out that two hold a family of tokens: they
 * get one successor between them, never one each, so a family stays a single line. As soon as one
 * of them goes on without the other, the other's next token is stale, and ends the login. A thief
 * stays unnoticed only by coming within the grace of every refresh of his victim.
 */
export function wasJustUsed(
  { previous, rotatedAt }: Pick<Session, 'previous' | 'rotatedAt'>,
  jti: string,
  now: number,
): boolean {
  const graceEnds = (rotatedAt ?? Number.NEGATIVE_INFINITY) + REFRESH_REUSE_GRACE * 1_000;
  return previous === jti && now < graceEnds;
}
