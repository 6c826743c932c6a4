import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * One line of JSON per request, of the variables named here. Never the query string, a header or
 * a body: tokens stand in them.
 */
export function accessLog(scope: Construct, variables: Record<string, string>): IAccessLogSettings {
  const line = {
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    ip: '$context.identity.sourceIp',
    status: '$context.status',
    ...variables,
  };
  return {
    destination: new LogGroupLogDestination(new LogGroup(scope, 'AccessLog')),
    format: AccessLogFormat.custom(JSON.stringify(line)),
  };
}
