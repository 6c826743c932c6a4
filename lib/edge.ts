import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { IApi } from 'aws-cdk-lib/aws-apigatewayv2';
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
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { Page } from './edge/page.ts';
import { PageHeaders } from './edge/page-headers.ts';
import { ViewerRequest } from './edge/viewer-request.ts';
import type { RestApi } from './rest-api.ts';
import type { SocketApi } from './socket-api.ts';

export interface EdgeProps {
  rest: RestApi;
  socket: SocketApi;
  /** The built page, see bundle.ts. */
  pageDirectory: string;
}

/** One origin for everything: page, REST and sockets under CloudFront's name. */
export class Edge extends Construct {
  /** Without a scheme. */
  readonly host: string;

  constructor(scope: Construct, id: string, { rest, socket, pageDirectory }: EdgeProps) {
    super(scope, id);
    const page = new Page(this, 'Page');
    const viewerRequest = new ViewerRequest(this, 'ViewerRequest', socket.stage.stageName);
    const functionAssociations = [
      { function: viewerRequest, eventType: FunctionEventType.VIEWER_REQUEST },
    ];
    const toRest = { ...passOn(apiOrigin(rest.api)), functionAssociations };
    const distribution = new Distribution(this, 'Distribution', {
      comment: Stack.of(this).stackName,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(page.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        responseHeadersPolicy: new PageHeaders(this, 'PageHeaders'),
        functionAssociations,
      },
      additionalBehaviors: {
        '/ws/chat/*': {
          ...passOn(apiOrigin(socket.api)),
          functionAssociations,
          // A redirect would have the token travel in the clear first.
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        },
        '/api/*': toRest,
        '/accounts/*': toRest,
        '/chat/*': toRest,
      },
      // CloudFront keeps these for 10 s unless told, whatever the cache policy says; what is not
      // found or busy for one user would be so for the next.
      errorResponses: [404, 414, 500, 501, 502, 503, 504].map((httpStatus) => ({
        httpStatus,
        ttl: Duration.seconds(0),
      })),
    });
    page.publish(pageDirectory, distribution);
    this.host = distribution.domainName;
    acknowledgeDistribution(distribution);
  }
}

/** Nothing is cached, and all that the viewer sent goes on but Host, which names the API. */
function passOn(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  };
}

function apiOrigin(api: IApi): IOrigin {
  const { region, urlSuffix } = Stack.of(api);
  return new HttpOrigin(`${api.apiId}.execute-api.${region}.${urlSuffix}`, {
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
  });
}

function acknowledgeDistribution(distribution: Distribution): void {
  Validations.of(distribution).acknowledge(
    {
      id: 'AwsSolutions-CFR1',
      reason: 'Where people may chat from is for the deployer to say.',
    },
    {
      id: 'AwsSolutions-CFR2',
      reason:
        'A web ACL costs by the month; the APIs have throttles and the functions rate limits. One can be attached to the distribution.',
    },
    {
      id: 'AwsSolutions-CFR3',
      reason:
        "Standard logs hold the query string, and tokens stand in the sockets' ?token=. Both APIs behind write access logs without it.",
    },
    {
      id: 'AwsSolutions-CFR4',
      reason:
        "CloudFront's own certificate comes with its own TLS policy; only a custom domain can raise it. Browsers take TLS 1.3, and http: is redirected or refused.",
    },
  );
}
