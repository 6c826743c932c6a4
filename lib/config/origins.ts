import type { Context } from './context.ts';

/** @throws Error that names the setting, the origin and what an origin looks like */
export function readOrigins(context: Context): string[] {
  return context.list(
    'allowedOrigins',
    isOrigin,
    'an origin. Write scheme, host and port as a browser sends them, like ' +
      'https://chat.example.com, with commas between; leave it out to allow all',
  );
}

/** In the very spelling of a browser's Origin header, for it is compared as text. */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}
