import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  CfnRoute,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpIntegration,
  HttpIntegrationType,
  HttpStage,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CORS } from '../protocol/cors.ts';
import { accessLog } from './access-log.ts';
import type { Throttle } from './config/throttles.ts';
import { changeInSequence } from './in-sequence.ts';
import type { ParlorFunction } from './parlor-function.ts';

const DOCS_PATHS = [
  '/api/schema',
  '/api/schema/',
  '/api/schema/{proxy+}',
  '/api/docs',
  '/api/docs/',
  '/api/docs/{proxy+}',
];

export interface RestApiProps {
  http: ParlorFunction;
  docs: ParlorFunction;
  /** Whose pages may call it from elsewhere; nobody's when empty. */
  allowedOrigins: readonly string[];
  throttle: Throttle;
}

/** The HTTP API. One function has the router; the docs stand apart, for they are large. */
export class RestApi extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog');
    const { http, docs, allowedOrigins, throttle } = props;
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-rest`,
      createDefaultStage: false,
      ...(allowedOrigins.length > 0 && { corsPreflight: corsFor(allowedOrigins) }),
      defaultIntegration: new HttpLambdaIntegration('Http', http),
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: accessLog(this.accessLog, {
        method: '$context.httpMethod',
        path: '$context.path',
        integrationStatus: '$context.integration.status',
        integrationLatency: '$context.integration.latency',
      }),
    });
    this.routeDocs(docs);
    changeInSequence(this);
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The http function checks the token of every operation that needs one; registration, login and the docs are for everybody.',
    });
  }

  /** https://..., without a slash at the end. */
  get url(): string {
    return this.api.apiEndpoint;
  }

  /** By hand, for CDK's own routes refuse a slash at the end, and /api/docs/ is the docs' address. */
  private routeDocs(docs: ParlorFunction): void {
    const { integrationId } = new HttpIntegration(this, 'Docs', {
      httpApi: this.api,
      integrationType: HttpIntegrationType.AWS_PROXY,
      integrationUri: docs.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    DOCS_PATHS.forEach((path, index) => {
      new CfnRoute(this, `DocsRoute${index + 1}`, {
        apiId: this.api.apiId,
        routeKey: `ANY ${path}`,
        target: `integrations/${integrationId}`,
        authorizationType: 'NONE',
      });
    });
    docs.addPermission('RestApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi(undefined, '/api/*'),
    });
  }
}

/** API Gateway answers browsers' questions itself, before any function. */
const corsFor = (origins: readonly string[]): CorsPreflightOptions => ({
  allowOrigins: [...origins],
  allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
  allowHeaders: [...CORS.requestHeaders],
  exposeHeaders: [...CORS.answerHeaders],
  maxAge: Duration.seconds(CORS.maxAge),
});
