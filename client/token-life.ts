/**
 * How long a token lives, in milliseconds: as a span, for this machine's clock may be wrong.
 * Infinity where it can't be read: the server will say when it has ended.
 */
export function lifeOf(token: string): number {
  let seconds = Number.NaN;
  try {
    const claims = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp, iat } = JSON.parse(atob(claims)) as { exp?: unknown; iat?: unknown };
    seconds = Number(exp) - Number(iat);
  } catch {
    // Not of this form.
  }
  return Number.isFinite(seconds) ? seconds * 1_000 : Number.POSITIVE_INFINITY;
}
