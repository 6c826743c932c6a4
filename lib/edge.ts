import { Aws, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { IApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  FunctionEventType,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  OriginSslPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import type { Domain } from './config/domain.ts';
import type { Config } from './config.ts';
import { AliasRecords } from './edge/alias-records.ts';
import { ApiHeaders } from './edge/api-headers.ts';
import { DistributionId } from './edge/distribution-id.ts';
import { Docs } from './edge/docs.ts';
import { Page } from './edge/page.ts';
import { PageHeaders } from './edge/page-headers.ts';
import { ViewerRequest } from './edge/viewer-request.ts';
import { EdgeKey } from './edge-key.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { ParlorFunction } from './parlor-function.ts';
import type { RestApi } from './rest-api.ts';
import type { SocketApi } from './socket-api.ts';
import { WebAclArn } from './web-acl-arn.ts';

export interface EdgeProps {
  config: Pick<
    Config,
    | 'domain'
    | 'waf'
    | 'directAccess'
    | 'edgeKeyVersion'
    | 'retainData'
    | 'alarmEmail'
    | 'allowedOrigins'
  >;
  rest: RestApi;
  socket: SocketApi;
  /** The built page, see build-page.ts. */
  pageDirectory: string;
  /** The built documentation, see docs/docs-files.ts. Undefined where it is switched off. */
  docsDirectory: string | undefined;
  /** The functions that every client's first request comes to. */
  guards: readonly ParlorFunction[];
  /** By which its key and the page are encrypted. Default: by AWS's. */
  encryptionKey: EncryptionKey | undefined;
}

/** One origin for everything: page, documentation, REST and sockets under CloudFront's name. */
export class Edge extends Construct {
  /** Under which it is found, without a scheme. */
  readonly host: string;
  /** CloudFront's own name for it. */
  readonly cloudFrontHost: string;
  /** What it shows to the APIs; undefined where they don't ask. */
  readonly key: EdgeKey | undefined;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const { config, rest, socket, guards, pageDirectory, docsDirectory, encryptionKey } = props;
    const { domain } = config;
    const { stackName } = Stack.of(this);
    if (!config.directAccess) {
      this.key = new EdgeKey(this, 'Key', config.edgeKeyVersion, encryptionKey);
      for (const guard of guards) this.key.letDemand(guard);
    }
    const page = new Page(this, 'Page', encryptionKey);
    const viewerRequest = new ViewerRequest(this, 'ViewerRequest', socket.stage.stageName);
    const functionAssociations = [
      { function: viewerRequest, eventType: FunctionEventType.VIEWER_REQUEST },
    ];
    const headers = new ApiHeaders(this, 'ApiHeaders');
    const toRest = {
      ...passOn(apiOrigin(rest.api, this.key)),
      functionAssociations,
      responseHeadersPolicy: headers,
    };
    const origin = S3BucketOrigin.withOriginAccessControl(page.bucket, {
      originAccessControl: new S3OriginAccessControl(this, 'PageAccess', {
        originAccessControlName: `${stackName}-${Aws.REGION}-page`,
      }),
    });
    const { allowedOrigins } = config;
    const docs =
      docsDirectory === undefined
        ? undefined
        : new Docs(this, 'Docs', { origin, headers, allowedOrigins });
    const distribution = new Distribution(this, 'Distribution', {
      comment: stackName,
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(config.waf && { webAclId: new WebAclArn(this, 'WebAclArn').value }),
      ...(domain && this.named(domain)),
      defaultBehavior: {
        origin,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        responseHeadersPolicy: new PageHeaders(this, 'PageHeaders'),
        functionAssociations,
      },
      additionalBehaviors: {
        '/ws/chat/*': { ...passOn(apiOrigin(socket.api, this.key)), functionAssociations },
        ...docs?.behaviors,
        '/api/*': toRest,
        '/accounts/*': toRest,
        '/chat/*': toRest,
      },
      // By default CloudFront keeps these for 10 s, whatever the cache policy says; what is not
      // found or busy for one user would be so for the next.
      errorResponses: [404, 414, 500, 501, 502, 503, 504].map((httpStatus) => ({
        httpStatus,
        ttl: Duration.seconds(0),
      })),
    });
    page.publish([pageDirectory, ...(docsDirectory ? [docsDirectory] : [])], distribution);
    if (config.alarmEmail !== undefined) {
      new DistributionId(this, 'DistributionId', distribution.distributionId);
    }
    this.cloudFrontHost = distribution.distributionDomainName;
    this.host = domain?.name ?? this.cloudFrontHost;
    if (domain) {
      const [host, retained] = [this.cloudFrontHost, config.retainData];
      new AliasRecords(this, 'AliasRecords', { domain, host, retained });
    }
    acknowledgeDistribution(distribution, config);
    if (encryptionKey) acknowledgeKey(this);
  }

  /** Of the page, as browsers say them. */
  get origins(): string[] {
    return [...new Set([this.host, this.cloudFrontHost])].map((host) => `https://${host}`);
  }

  private named({ name, certificateArn }: Domain) {
    return {
      domainNames: [name],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }
}

/** Nothing is cached, and all that the viewer sent goes on but Host, which names the API. */
function passOn(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    // A redirect would have token or password travel in the clear first, and nobody notice.
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  };
}

function apiOrigin(api: IApi, key: EdgeKey | undefined): IOrigin {
  const { region, urlSuffix } = Stack.of(api);
  return new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, {
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
    ...(key && { customHeaders: key.header }),
  });
}

function acknowledgeKey(edge: Edge): void {
  Validations.of(Stack.of(edge)).acknowledge({
    id: 'Annotation::@aws-cdk/aws-cloudfront-origins:wildcardKeyPolicyForOac',
    reason:
      'Key, bucket and distribution would each want the name of another first. Any distribution of the account may decrypt, but only this one is let into the bucket.',
  });
}

function acknowledgeDistribution(
  distribution: Distribution,
  { domain, waf }: EdgeProps['config'],
): void {
  Validations.of(distribution).acknowledge(
    {
      id: 'AwsSolutions-CFR1',
      reason: 'Where people may chat from is for the deployer to say.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        "Standard logs hold the query string, and tokens stand in the sockets' ?token=. Both APIs behind write access logs without it.",
    },
  );
  if (!waf) {
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions-CFR2',
      reason:
        'A web ACL costs by the month; the APIs have throttles and the functions rate limits. -c waf=true adds one.',
    });
  }
  if (!domain) {
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions-CFR4',
      reason:
        "CloudFront's own certificate comes with the policy TLSv1, and what a function could refuse has been sent by then (docs/operations.md). -c domain raises it. Browsers take TLS 1.3, and http: is redirected or refused.",
    });
  }
}
