import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { CONTENT_SECURITY_POLICY } from '../../../lib/edge/content-security-policy.ts';
import { type Resource, resources, templateWith } from '../synthesize.ts';

interface Behavior {
  PathPattern?: string;
  TargetOriginId: string;
  ViewerProtocolPolicy: string;
  CachePolicyId: string;
  OriginRequestPolicyId?: string;
  AllowedMethods?: string[];
  Compress: boolean;
  FunctionAssociations: { EventType: string; FunctionARN: { 'Fn::GetAtt': string[] } }[];
  ResponseHeadersPolicyId?: unknown;
}
interface Origin {
  Id: string;
  DomainName: unknown;
  OriginPath?: string;
  OriginAccessControlId?: unknown;
  CustomOriginConfig?: unknown;
}
interface DistributionConfig {
  CacheBehaviors: Behavior[];
  DefaultCacheBehavior: Behavior;
  Origins: Origin[];
  CustomErrorResponses: unknown[];
  Logging?: unknown;
}

// CloudFront's own policies; their ids are the same in every account.
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

let template: Template;
let distribution: DistributionConfig;
beforeAll(() => {
  template = templateWith();
  distribution = only('AWS::CloudFront::Distribution').Properties
    .DistributionConfig as DistributionConfig;
});

const only = (type: string): Resource => {
  const [found, ...more] = Object.values(resources(template, type));
  if (!found || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return found;
};
const behavior = (path: string): Behavior => {
  const found = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === path);
  if (!found) throw new Error(`No behaviour for ${path}`);
  return found;
};
const origin = ({ TargetOriginId }: Behavior): Origin => {
  const found = distribution.Origins.find(({ Id }) => Id === TargetOriginId);
  if (!found) throw new Error(`No origin ${TargetOriginId}`);
  return found;
};

const DOCS = ['/api/schema', '/api/schema/*', '/api/docs', '/api/docs/*'];

const functionNamed = (name: string): [string, Resource] => {
  const functions = Object.entries(resources(template, 'AWS::CloudFront::Function'));
  const found = functions.find(([id]) => id.startsWith(`Edge${name}`));
  if (!found) throw new Error(`No CloudFront Function ${name}`);
  return found;
};
const runBy = ({ FunctionAssociations }: Behavior) =>
  FunctionAssociations.map(({ EventType, FunctionARN }) => [
    EventType,
    FunctionARN['Fn::GetAtt'][0],
  ]);

/** On everything that the edge sends. */
const STRICT = {
  StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
  ContentTypeOptions: { Override: true },
  FrameOptions: { FrameOption: 'DENY', Override: true },
  ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
};
const headersOf = ({ ResponseHeadersPolicyId }: Behavior): unknown => {
  const { Ref } = ResponseHeadersPolicyId as { Ref: string };
  const policy = resources(template, 'AWS::CloudFront::ResponseHeadersPolicy')[Ref];
  const config = policy?.Properties.ResponseHeadersPolicyConfig;
  return (config as { SecurityHeadersConfig: unknown }).SecurityHeadersConfig;
};

describe('the edge', () => {
  test('has the page behind everything that is no API', () => {
    const page = distribution.DefaultCacheBehavior;
    expect(page).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https',
      CachePolicyId: CACHING_OPTIMIZED,
      Compress: true,
    });
    expect(origin(page).OriginAccessControlId).toBeDefined();
    expect(JSON.stringify(origin(page).DomainName)).toContain('EdgePageBucket');
    expect(distribution.CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual([
      '/ws/chat/*',
      '/api/schema',
      '/api/schema/*',
      '/api/docs',
      '/api/docs/*',
      '/api/*',
      '/accounts/*',
      '/chat/*',
    ]);
  });

  test.each([
    ['/ws/chat/*', 'SocketApi'],
    ['/api/*', 'RestApi'],
    ['/accounts/*', 'RestApi'],
    ['/chat/*', 'RestApi'],
  ])('passes %s on to %s, uncached, over TLS only, with all but Host', (path, api) => {
    expect(behavior(path)).toMatchObject({
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: CACHING_DISABLED,
      OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
      AllowedMethods: expect.arrayContaining(['GET', 'POST', 'OPTIONS']),
    });
    const { DomainName, OriginPath, CustomOriginConfig } = origin(behavior(path));
    expect(JSON.stringify(DomainName)).toContain(`"Ref":"${api}`);
    expect(OriginPath).toBeUndefined();
    expect(CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
  });

  test("runs the viewer function, made for the stage, on every path but the docs'", () => {
    const [id, { Properties }] = functionNamed('ViewerRequest');
    for (const each of [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors]) {
      if (DOCS.includes(each.PathPattern ?? '')) continue;
      expect(runBy(each)).toEqual([['viewer-request', id]]);
    }
    expect(Properties.FunctionConfig).toMatchObject({ Runtime: 'cloudfront-js-2.0' });
    expect(Properties.FunctionCode).toContain('"/live"');
  });

  test.each(DOCS)("has the page's bucket behind %s, and a function that finds the file", (path) => {
    const [id] = functionNamed('Docs');
    expect(runBy(behavior(path))).toEqual([
      ['viewer-request', id],
      ['viewer-response', id],
    ]);
    expect(behavior(path)).toMatchObject({
      TargetOriginId: distribution.DefaultCacheBehavior.TargetOriginId,
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: CACHING_OPTIMIZED,
      Compress: true,
      // The function refuses the others in the words of the API.
      AllowedMethods: expect.arrayContaining(['GET', 'POST', 'OPTIONS']),
    });
  });

  test('has nothing of the docs where they are switched off: their paths are the API’s', () => {
    const without = templateWith({ docs: 'false' });
    expect(JSON.stringify(without.toJSON())).not.toContain('/api/schema');
    expect(Object.keys(resources(without, 'AWS::CloudFront::Function'))).toHaveLength(1);
  });

  test('keeps no failure for the next viewer, and writes no log of query strings', () => {
    const kept = distribution.CustomErrorResponses;
    expect(kept).toContainEqual({ ErrorCode: 404, ErrorCachingMinTTL: 0 });
    expect(kept).toContainEqual({ ErrorCode: 503, ErrorCachingMinTTL: 0 });
    expect(distribution.Logging).toBeUndefined();
  });

  test('sends the page with strict headers', () => {
    expect(headersOf(distribution.DefaultCacheBehavior)).toEqual({
      ...STRICT,
      ContentSecurityPolicy: { ContentSecurityPolicy: CONTENT_SECURITY_POLICY, Override: true },
    });
  });

  test.each(['/api/*', '/accounts/*', '/chat/*', ...DOCS])(
    'sends what comes from %s with strict headers, and the policy that the docs give themselves',
    (path) => {
      expect(headersOf(behavior(path))).toEqual({
        ...STRICT,
        ContentSecurityPolicy: {
          ContentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
          Override: false,
        },
      });
    },
  );
  test('keeps the files where only it can read them', () => {
    expect(only('AWS::S3::Bucket').Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const policy = JSON.stringify(only('AWS::S3::BucketPolicy').Properties.PolicyDocument);
    expect(policy).toContain('cloudfront.amazonaws.com');
    expect(policy).toContain('AWS:SourceArn');
    expect(policy).toContain('aws:SecureTransport');
  });
});
