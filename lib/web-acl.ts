import { Stack } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/**
 * Requests from one address in five minutes. WAF sees the handshake of a socket, not its frames,
 * so this is REST, pages and reconnects; a whole office may sit behind one address.
 */
const REQUESTS_PER_ADDRESS = 3_000;

/**
 * AWS's rule groups, and their rules that would refuse what is allowed here: people may chat about
 * scripts, paths and addresses, a message may take 8,000 bytes before it is escaped, some providers'
 * tokens in ?token= take 2,048, and clients that are no browser send no User-Agent. These rules only
 * count.
 */
const MANAGED_RULES: Readonly<Record<string, readonly string[]>> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesCommonRuleSet: [
    'NoUserAgent_HEADER',
    'SizeRestrictions_QUERYSTRING',
    'SizeRestrictions_BODY',
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_BODY',
    'GenericRFI_BODY',
    'CrossSiteScripting_BODY',
  ],
  AWSManagedRulesKnownBadInputsRuleSet: [
    'JavaDeserializationRCE_BODY',
    'Log4JRCE_BODY',
    'ReactJSRCE_BODY',
  ],
};

/** The web ACL before the edge. It has to stand in us-east-1, where CloudFront's are. */
export class WebAcl extends CfnWebACL {
  constructor(scope: Construct, id: string) {
    const { stackName } = Stack.of(scope);
    const visible = (name: string): CfnWebACL.VisibilityConfigProperty => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName: `${stackName}-${name}`,
    });
    super(scope, id, {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visible('all'),
      rules: [
        {
          name: 'rate',
          priority: 0,
          statement: {
            rateBasedStatement: { limit: REQUESTS_PER_ADDRESS, aggregateKeyType: 'IP' },
          },
          // 429 is what every client waits after.
          action: { block: { customResponse: { responseCode: 429 } } },
          visibilityConfig: visible('rate'),
        },
        ...Object.entries(MANAGED_RULES).map(([name, counted], index) => ({
          name,
          priority: index + 1,
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name,
              ruleActionOverrides: counted.map((rule) => ({
                name: rule,
                actionToUse: { count: {} },
              })),
            },
          },
          overrideAction: { none: {} },
          visibilityConfig: visible(name),
        })),
      ],
    });
  }
}
