/** The frames around Swagger UI, Redoc and the socket's description. */

const LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Content-Security-Policy by page. Redoc builds its styles as it runs, and its search in a worker. */
export const POLICIES = {
  swagger: `${LOCKED}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'`,
  redoc: `${LOCKED}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; worker-src blob:`,
  socket: `${LOCKED}; style-src 'self'; img-src data:`,
} as const;

// An icon of its own keeps browsers from asking for /favicon.ico.
const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path d='M2 2h12v9H7l-4 3v-3H2z' fill='%239a4a2f'/></svg>";

interface Page {
  title: string;
  styles: string[];
  scripts?: string[];
  body: string;
}

export function pageHtml({ title, styles, scripts = [], body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="${ICON}">
${styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
${scripts.map((src) => `<script defer src="${src}"></script>`).join('\n')}
</head>
<body>
${body}
</body>
</html>
`;
}

const LINKS = [
  ['/', 'Chat'],
  ['/api/docs/', 'REST, to try'],
  ['/api/schema/redoc/', 'REST, to read'],
  ['/api/schema/socket/', 'Socket'],
] as const;

/** The way from one page of the documentation to the others. */
export function navigation(current: string): string {
  const links = LINKS.map(
    ([href, text]) =>
      `<a href="${href}"${href === current ? ' aria-current="page"' : ''}>${text}</a>`,
  );
  return `<nav class="docs-nav" aria-label="Documentation">${links.join('\n')}</nav>`;
}
