import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { asyncApiDocument } from '../../../protocol/asyncapi.ts';
import { openApiDocument } from '../../../protocol/openapi.ts';
import { type AssetName, isAssetName } from './assets.ts';
import { assetContent, type Content, contentOf } from './content.ts';
import { navigation, POLICIES, pageHtml } from './pages.ts';
import { socketPage } from './socket-page.ts';

export interface DocsOptions {
  /** Reads a file of `ASSETS`. */
  assets: (file: AssetName) => Promise<Buffer>;
}

export type DocsHandler = (
  event: APIGatewayProxyEventV2,
) => Promise<APIGatewayProxyStructuredResultV2>;

const ASSET_PATH = '/api/docs/assets/';
const YEAR = 365 * 24 * 60 * 60;

/** Serves the contracts, the pages that show them, and the files of these pages. */
export function docsHandler({ assets }: DocsOptions): DocsHandler {
  const made = new Map<string, Promise<Content>>();
  /** Contents never change while the function runs: each is made once, unless making it failed. */
  const once = (key: string, make: () => Promise<Content>) => {
    const content = made.get(key) ?? make();
    made.set(key, content);
    // Whoever asked is answered with the failure; the next one has it made again.
    content.catch(() => made.delete(key));
    return content;
  };
  const asset = (name: AssetName) => once(`asset ${name}`, () => assetContent(assets, name));
  const link = async (name: AssetName) => `${ASSET_PATH}${name}?v=${(await asset(name)).hash}`;
  const routes = pageRoutes(asset, link);

  return async (event) => {
    const path = event.rawPath.endsWith('/') ? event.rawPath : `${event.rawPath}/`;
    const json = event.queryStringParameters?.format === 'json';
    const page = routes[json ? `${path}?format=json` : path] ?? routes[path];
    const file = path.startsWith(ASSET_PATH) ? path.slice(ASSET_PATH.length, -1) : '';
    const make = isAssetName(file) ? () => asset(file) : page;
    if (!make) return refusal(404, 'Not found.');

    const { method } = event.requestContext.http;
    const allow = 'GET, HEAD, OPTIONS';
    if (method === 'OPTIONS') return { statusCode: 200, headers: { allow }, body: '' };
    if (method !== 'GET' && method !== 'HEAD') {
      const answer = refusal(405, `Method "${method}" not allowed.`);
      return { ...answer, headers: { ...answer.headers, allow } };
    }
    return answer(event, await once(`${path} ${json}`, make));
  };
}

type Routes = Record<string, (() => Promise<Content>) | undefined>;

function pageRoutes(
  asset: (name: AssetName) => Promise<Content>,
  link: (name: AssetName) => Promise<string>,
): Routes {
  const html = (page: Parameters<typeof pageHtml>[0], policy: string) =>
    contentOf('text/html; charset=utf-8', pageHtml(page), { 'content-security-policy': policy });
  const json = (document: unknown) =>
    contentOf('application/json; charset=utf-8', JSON.stringify(document));

  const swagger = async () =>
    html(
      {
        title: 'Parlor: the REST API',
        styles: [await link('swagger-ui.css'), await link('docs.css')],
        scripts: [await link('swagger-ui.js'), await link('swagger-start.js')],
        body: `${navigation('/api/docs/')}\n<div id="docs"></div>`,
      },
      POLICIES.swagger,
    );
  const redoc = async () =>
    html(
      {
        title: 'Parlor: the REST API',
        styles: [await link('docs.css')],
        scripts: [await link('redoc.js'), await link('redoc-start.js')],
        body: `${navigation('/api/schema/redoc/')}\n<div id="docs"></div>`,
      },
      POLICIES.redoc,
    );
  const socket = async () =>
    html(
      {
        title: 'Parlor: the socket',
        styles: [await link('docs.css')],
        body: socketPage(asyncApiDocument()),
      },
      POLICIES.socket,
    );
  return {
    '/api/schema/': () => asset('openapi.yaml'),
    '/api/schema/?format=json': () => json(openApiDocument()),
    '/api/schema/asyncapi/': () => asset('asyncapi.yaml'),
    '/api/schema/asyncapi/?format=json': () => json(asyncApiDocument()),
    '/api/docs/': swagger,
    '/api/schema/swagger-ui/': swagger,
    '/api/schema/redoc/': redoc,
    '/api/schema/socket/': socket,
  };
}

function answer(
  { headers, requestContext, queryStringParameters }: APIGatewayProxyEventV2,
  content: Content,
): APIGatewayProxyStructuredResultV2 {
  const etag = `"${content.hash}"`;
  const versioned = queryStringParameters?.v === content.hash;
  const common = {
    ...content.headers,
    etag,
    'cache-control': versioned ? `public, max-age=${YEAR}, immutable` : 'no-cache',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  };
  if (headers['if-none-match']?.includes(etag)) return { statusCode: 304, headers: common };

  const zip = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
  const described = {
    ...common,
    'content-type': content.type,
    ...(zip && { 'content-encoding': 'gzip' }),
  };
  if (requestContext.http.method === 'HEAD') return { statusCode: 200, headers: described };
  const body = (zip ? content.gzipped : content.bytes).toString('base64');
  return { statusCode: 200, headers: described, body, isBase64Encoded: true };
}

const refusal = (statusCode: number, detail: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
  body: JSON.stringify({ detail }),
});
