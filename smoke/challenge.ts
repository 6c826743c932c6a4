/**
 * How an answer of 401 says to authenticate. API Gateway sends the header on under another name,
 * over HTTP APIs too, and nothing at the edge can give it back its own.
 */
export const challengeOf = (headers: Headers): string | null =>
  headers.get('www-authenticate') ?? headers.get('x-amzn-remapped-www-authenticate');
