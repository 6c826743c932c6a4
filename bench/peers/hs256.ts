import { createHmac } from 'node:crypto';

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A JWT for peers that only check one. @param seconds that it lasts */
export function hs256Token(secret: string, user: string, seconds: number): string {
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub: user, exp })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
