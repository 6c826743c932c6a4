/** Swagger UI, Redoc and the socket's description, with the frame around each. */

import { asyncApiDocument } from '../../protocol/asyncapi.ts';
import type { AssetName } from './assets.ts';
import { navigation } from './navigation.ts';
import { socketPage } from './socket-page.ts';

// An icon of its own keeps browsers from asking for /favicon.ico.
const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path d='M2 2h12v9H7l-4 3v-3H2z' fill='%239a4a2f'/></svg>";

interface Page {
  title: string;
  styles: string[];
  scripts?: string[];
  body: string;
}

function pageHtml({ title, styles, scripts = [], body }: Page): string {
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

/**
 * The pages by their files' names.
 *
 * @param link the path of an asset
 */
export function pages(link: (name: AssetName) => string): Record<string, string> {
  return {
    'swagger-ui.html': pageHtml({
      title: 'Parlor: the REST API',
      styles: [link('swagger-ui.css'), link('docs.css')],
      scripts: [link('swagger-ui.js'), link('swagger-start.js')],
      body: `${navigation('/api/docs/')}\n<div id="docs"></div>`,
    }),
    'redoc.html': pageHtml({
      title: 'Parlor: the REST API',
      styles: [link('docs.css')],
      scripts: [link('redoc.js'), link('redoc-start.js')],
      body: `${navigation('/api/schema/redoc/')}\n<div id="docs"></div>`,
    }),
    'socket.html': pageHtml({
      title: 'Parlor: the socket',
      styles: [link('docs.css')],
      body: socketPage(asyncApiDocument()),
    }),
  };
}
