import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Domain } from '../config/domain.ts';

/** Enters the chat's name in the deployer's hosted zone, for IPv4 and IPv6, if there is one. */
export class AliasRecords extends Construct {
  /** @param host CloudFront's own name for the distribution */
  constructor(scope: Construct, id: string, { name, hostedZoneId }: Domain, host: string) {
    super(scope, id);
    if (hostedZoneId === undefined) return;
    for (const type of ['A', 'AAAA']) {
      new CfnRecordSet(this, type, {
        hostedZoneId,
        name,
        type,
        aliasTarget: { dnsName: host, hostedZoneId: CloudFrontTarget.getHostedZoneId(this) },
      });
    }
  }
}
