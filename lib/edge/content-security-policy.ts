/**
 * What the page may do: everything comes from its own origin, no script or style stands inline,
 * and no text can become markup or script (Trusted Types), whatever a library would try.
 */
export const CONTENT_SECURITY_POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Covers wss: to the same host as well, since CSP 3.
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
