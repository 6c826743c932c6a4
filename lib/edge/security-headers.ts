import { Aws, Duration, Stack } from 'aws-cdk-lib';
import {
  HeadersFrameOption,
  HeadersReferrerPolicy,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** What everything goes out with: over TLS only, as what it says it is, and in no frame. */
export class SecurityHeaders extends ResponseHeadersPolicy {
  constructor(
    scope: Construct,
    id: string,
    contentSecurityPolicy: ResponseSecurityHeadersBehavior['contentSecurityPolicy'],
  ) {
    super(scope, id, {
      // Names of these policies count in the whole account, over all regions.
      responseHeadersPolicyName: `${Stack.of(scope).stackName}-${Aws.REGION}-${id}`,
      securityHeadersBehavior: {
        ...(contentSecurityPolicy && { contentSecurityPolicy }),
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      },
    });
  }
}
