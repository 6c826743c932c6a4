import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';

/**
 * One line of JSON per request, of the variables named here. Never the query string, a header or
 * a body: tokens stand in them.
 */
export function accessLog(group: ILogGroup, variables: Record<string, string>): IAccessLogSettings {
  const line = {
    requestId: '$context.requestId',
    time: '$context.requestTimeEpoch',
    ip: '$context.identity.sourceIp',
    status: '$context.status',
    ...variables,
  };
  return {
    destination: new LogGroupLogDestination(group),
    format: AccessLogFormat.custom(JSON.stringify(line)),
  };
}
