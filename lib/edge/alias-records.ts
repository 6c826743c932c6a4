import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Domain } from '../config/domain.ts';

export interface AliasRecordsProps {
  domain: Domain;
  /** CloudFront's own name for the distribution. */
  host: string;
  /**
   * Whether the records stay when the stack gives the name up: by then they may lead to another stage,
   * and a name that is gone for a minute stays unknown to resolvers for a quarter of an hour.
   */
  retained: boolean;
}

/** Enters the chat's name in the deployer's hosted zone, for IPv4 and IPv6, if there is one. */
export class AliasRecords extends Construct {
  constructor(scope: Construct, id: string, { domain, host, retained }: AliasRecordsProps) {
    super(scope, id);
    const { name, hostedZoneId } = domain;
    if (hostedZoneId === undefined) return;
    for (const type of ['A', 'AAAA']) {
      const record = new CfnRecordSet(this, type, {
        hostedZoneId,
        name,
        type,
        aliasTarget: { dnsName: host, hostedZoneId: CloudFrontTarget.getHostedZoneId(this) },
      });
      record.applyRemovalPolicy(
        retained ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
      );
    }
  }
}
