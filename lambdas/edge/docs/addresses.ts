/**
 * Where the documentation is and what stands there: the one list. The edge, the function that serves
 * the files where there is no edge, the local gateway and the build all go by it.
 */

const LOCKED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Content-Security-Policy by page. Redoc builds its styles as it runs, and its search in a worker. */
const POLICIES = {
  swagger: `${LOCKED}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'`,
  redoc: `${LOCKED}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; worker-src blob:`,
  socket: `${LOCKED}; style-src 'self'; img-src data:`,
} as const;

/** Everything of the documentation is at one of these paths or below it, and nothing else is. */
export const DOCS_ROOTS = ['/api/schema', '/api/docs'] as const;

/** The same as paths of an HTTP API, which takes a slash at the end for another path. */
export const DOCS_PATHS: readonly string[] = DOCS_ROOTS.flatMap((root) => [
  root,
  `${root}/`,
  `${root}/{proxy+}`,
]);

/** The folder of all files, in what is built and in the page's bucket: no address of the page leads there. */
export const DOCS_FOLDER = 'api/docs';

/** The folder of the files whose names say what is in them. They are found under their own paths. */
export const DOCS_ASSETS = `${DOCS_FOLDER}/assets`;

/** An asset's path. What is in the file decides the sixteen digits, so it never changes. */
export const ASSET_PATH = new RegExp(`^/${DOCS_ASSETS}/[\\w-]+-[0-9a-f]{16}\\.(js|css)$`);

export interface DocsAddress {
  /** Without the slash at the end, with which it is found too. */
  path: string;
  /** What stands there, by its path in what is built. */
  file: string;
  /** What stands there with `?format=json`. Default: the same. */
  json?: string;
}

const at = (name: string) => `${DOCS_FOLDER}/${name}`;

export const DOCS_ADDRESSES: readonly DocsAddress[] = [
  { path: '/api/docs', file: at('swagger-ui.html') },
  { path: '/api/schema', file: at('openapi.yaml'), json: at('openapi.json') },
  { path: '/api/schema/swagger-ui', file: at('swagger-ui.html') },
  { path: '/api/schema/redoc', file: at('redoc.html') },
  { path: '/api/schema/socket', file: at('socket.html') },
  { path: '/api/schema/asyncapi', file: at('asyncapi.yaml'), json: at('asyncapi.json') },
];

/** The policy that a file goes out with, by its path in what is built. */
export const DOCS_POLICIES: Readonly<Record<string, string>> = {
  [at('swagger-ui.html')]: POLICIES.swagger,
  [at('redoc.html')]: POLICIES.redoc,
  [at('socket.html')]: POLICIES.socket,
};

/** Content-Type by a file's ending. */
export const DOCS_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  yaml: 'application/yaml; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** In the Allow header. */
export const DOCS_METHODS = 'GET, HEAD, OPTIONS';

/**
 * The file at a path, with or without a slash at its end; an asset's need not be there.
 *
 * @param wantsJson whether it was asked for with `?format=json`
 */
export function docsFileAt(path: string, wantsJson: boolean): string | undefined {
  const bare = path.replace(/\/$/, '');
  const found = DOCS_ADDRESSES.find((address) => address.path === bare);
  if (found) return (wantsJson ? found.json : undefined) ?? found.file;
  return ASSET_PATH.test(bare) ? bare.slice(1) : undefined;
}
