import { readFileSync } from 'node:fs';
import { Aws, Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  type IOrigin,
  type ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import {
  ASSET_PATH,
  DOCS_ADDRESSES,
  DOCS_METHODS,
  DOCS_POLICIES,
  DOCS_ROOTS,
  DOCS_TYPES,
} from '../../lambdas/edge/docs/addresses.ts';

const SOURCE = new URL('./docs.js', import.meta.url);

/** The text of the function that finds the files, for pages of these origins beside the edge's own. */
export function docsCode(origins: readonly string[]): string {
  const facts = {
    addresses: Object.fromEntries(
      DOCS_ADDRESSES.map(({ path, file, json }) => [path, { file, json }]),
    ),
    policies: DOCS_POLICIES,
    types: DOCS_TYPES,
    assetPath: ASSET_PATH.source,
    methods: DOCS_METHODS,
    origins,
  };
  // Without a function, "$" would have a meaning of its own.
  return readFileSync(SOURCE, 'utf8').replace("'DOCS'", () => JSON.stringify(facts));
}

export interface DocsProps {
  /** The bucket with the built files. */
  origin: IOrigin;
  /** The headers of all answers; those of a page's own win. */
  headers: ResponseHeadersPolicy;
  /** Whose pages may read the contracts from elsewhere; nobody's when empty. */
  allowedOrigins: readonly string[];
}

/** The documentation as files at the edge: no function of Lambda's, and no API. */
export class Docs extends Construct {
  /** By path pattern. They come before those of the APIs. */
  readonly behaviors: Record<string, BehaviorOptions>;

  constructor(scope: Construct, id: string, { origin, headers, allowedOrigins }: DocsProps) {
    super(scope, id);
    const finder = new CloudFrontFunction(this, 'Finder', {
      // As for all of CloudFront, the name counts in the whole account, over all regions.
      functionName: `${Stack.of(this).stackName}-${Aws.REGION}-${id}`,
      comment: 'Leads addresses of the documentation to their files, and says what these are',
      code: FunctionCode.fromInline(docsCode(allowedOrigins)),
      runtime: FunctionRuntime.JS_2_0,
    });
    const behavior: BehaviorOptions = {
      origin,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      // The function answers what is neither GET nor HEAD, with what there is.
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: headers,
      functionAssociations: [
        { function: finder, eventType: FunctionEventType.VIEWER_REQUEST },
        { function: finder, eventType: FunctionEventType.VIEWER_RESPONSE },
      ],
    };
    // Not /api/docs*, which would take /api/docs-of-mine from the API.
    const patterns = DOCS_ROOTS.flatMap((root) => [root, `${root}/*`]);
    this.behaviors = Object.fromEntries(patterns.map((pattern) => [pattern, behavior]));
  }
}
