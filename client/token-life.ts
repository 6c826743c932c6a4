/**
 * How long a token lives, in milliseconds: as a span, for this machine's clock may be wrong.
 * Infinity where it can't be read: the server will say when it has ended.
 */
export function lifeOf(token: string): number {
  try {
    const claims = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp, iat } = JSON.parse(atob(claims)) as { exp?: unknown; iat?: unknown };
    const seconds = Number(exp) - Number(iat);
    if (Number.isFinite(seconds)) return seconds * 1_000;
  } catch {
    // Not of this form.
  }
  return Infinity;
}
