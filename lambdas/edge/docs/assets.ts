/** A file that the docs function serves or makes its pages of. */
export interface Asset {
  /** Where it comes from, from the root of the repository. */
  source: string;
  contentType: string;
}

const javascript = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';
const yaml = 'application/yaml; charset=utf-8';

/**
 * Every such file by the name that it has in URLs, and in the folder `assets` beside the bundled
 * function. Nothing else can be asked for.
 */
export const ASSETS = {
  'swagger-ui.js': {
    source: 'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
    contentType: javascript,
  },
  'swagger-ui.css': { source: 'node_modules/swagger-ui-dist/swagger-ui.css', contentType: css },
  'swagger-start.js': {
    source: 'lambdas/edge/docs/browser/swagger-start.js',
    contentType: javascript,
  },
  'redoc.js': { source: 'node_modules/redoc/bundles/redoc.standalone.js', contentType: javascript },
  'redoc-start.js': { source: 'lambdas/edge/docs/browser/redoc-start.js', contentType: javascript },
  'docs.css': { source: 'lambdas/edge/docs/browser/docs.css', contentType: css },
  'openapi.yaml': { source: 'openapi.yaml', contentType: yaml },
  'asyncapi.yaml': { source: 'asyncapi.yaml', contentType: yaml },
} as const satisfies Record<string, Asset>;

export type AssetName = keyof typeof ASSETS;

export const isAssetName = (name: string): name is AssetName => Object.hasOwn(ASSETS, name);
