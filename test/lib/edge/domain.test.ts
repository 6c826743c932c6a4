import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { resources, templateWith } from '../synthesize.ts';

const DOMAIN = {
  domain: 'chat.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50',
};

const configOf = (template: Template) =>
  Object.values(resources(template, 'AWS::CloudFront::Distribution'))[0]?.Properties
    .DistributionConfig as Record<string, unknown>;

describe('a domain of the deployer', () => {
  test('is answered to, under its certificate and with TLS 1.2 at least', () => {
    expect(configOf(templateWith(DOMAIN))).toMatchObject({
      Aliases: ['chat.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: DOMAIN.certificateArn,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
    expect(configOf(templateWith())).not.toHaveProperty('Aliases');
  });

  test('is entered in the hosted zone, for IPv4 and IPv6, if one is named', () => {
    const hostedZoneId = 'Z0123456789ABCDEFGHIJ';
    const template = templateWith({ ...DOMAIN, hostedZoneId });
    const records = Object.values(resources(template, 'AWS::Route53::RecordSet'));
    expect(records.map(({ Properties }) => Properties.Type)).toEqual(['A', 'AAAA']);
    for (const { Properties } of records) {
      expect(Properties).toMatchObject({
        HostedZoneId: hostedZoneId,
        Name: 'chat.example.com',
        AliasTarget: {
          DNSName: { 'Fn::GetAtt': [expect.stringMatching('^EdgeDistribution'), 'DomainName'] },
        },
      });
    }
    expect(resources(templateWith(DOMAIN), 'AWS::Route53::RecordSet')).toEqual({});
  });

  test('keeps its records when the stack gives it up, for they may lead to another stage by then', () => {
    const policies = (context: Readonly<Record<string, string>>) =>
      Object.values(
        resources(
          templateWith({ ...DOMAIN, hostedZoneId: 'Z0123456789ABCDEFGHIJ', ...context }),
          'AWS::Route53::RecordSet',
        ),
      ).map(({ DeletionPolicy }) => DeletionPolicy);
    expect(policies({})).toEqual(['RetainExceptOnCreate', 'RetainExceptOnCreate']);
    expect(policies({ retainData: 'false' })).toEqual(['Delete', 'Delete']);
  });

  test('that moves here is answered to before its records are: they stay as they are', () => {
    // As docs/operations.md has it: the name without its zone.
    const template = templateWith({ ...DOMAIN, stage: 'next' });
    expect(configOf(template)).toMatchObject({ Aliases: ['chat.example.com'] });
    expect(resources(template, 'AWS::Route53::RecordSet')).toEqual({});
    expect(template.findOutputs('DomainTarget')).not.toEqual({});
  });

  test("is an origin of the page's sockets beside CloudFront's own name", () => {
    const template = templateWith({ ...DOMAIN, allowedOrigins: 'https://a.example' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          PARLOR_ALLOWED_ORIGINS: {
            'Fn::Join': [
              '',
              [
                'https://a.example,https://chat.example.com,https://',
                {
                  'Fn::GetAtt': [
                    Object.keys(resources(template, 'AWS::CloudFront::Distribution'))[0],
                    'DomainName',
                  ],
                },
              ],
            ],
          },
        },
      },
    });
  });
});
