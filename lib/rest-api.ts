import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  CfnRoute,
  type CfnStage,
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
import { DOCS_PATHS } from '../lambdas/edge/docs/addresses.ts';
import { CORS } from '../protocol/cors.ts';
import { LOGIN_ROUTES } from '../protocol/login-routes.ts';
import { accessLog } from './access-log.ts';
import { DOCS_THROTTLE, type Throttle } from './config/throttles.ts';
import { changeInSequence } from './in-sequence.ts';
import type { ParlorFunction } from './parlor-function.ts';

interface Route {
  method: string;
  path: string;
}

const DOCS_ROUTES: readonly Route[] = DOCS_PATHS.map((path) => ({ method: 'ANY', path }));

export interface RestApiProps {
  http: ParlorFunction;
  /** For what hashes a password. */
  login: ParlorFunction;
  /**
   * Undefined where the docs are switched off, or the edge alone has them: then http answers their
   * paths, with 404 or as it answers whatever comes past the edge.
   */
  docs: ParlorFunction | undefined;
  /** Whose pages may call it from elsewhere; nobody's when empty. */
  allowedOrigins: readonly string[];
  throttle: Throttle;
}

/**
 * The HTTP API. One function has the router. What hashes passwords stands apart, so that it can't take
 * all of the account's concurrency, and the docs do where the edge doesn't have them, for they are large.
 */
export class RestApi extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog');
    const { http, login, docs, allowedOrigins, throttle } = props;
    this.api = new HttpApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-rest`,
      createDefaultStage: false,
      ...(allowedOrigins.length > 0 && { corsPreflight: corsFor(allowedOrigins) }),
      defaultIntegration: new HttpLambdaIntegration('Http', http.called),
    });
    const stage = new HttpStage(this, 'Stage', {
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
    if (docs) {
      this.route('Docs', docs, DOCS_ROUTES, '/api/*');
      throttleApart(stage, DOCS_ROUTES, DOCS_THROTTLE);
    }
    this.route('Login', login, LOGIN_ROUTES, '/*');
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

  /**
   * By hand, for CDK's own routes refuse a slash at the end, and /api/docs/ is the docs' address.
   *
   * @param paths that the function may be called for, of all methods
   */
  private route(id: string, target: ParlorFunction, routes: readonly Route[], paths: string): void {
    const { integrationId } = new HttpIntegration(this, id, {
      httpApi: this.api,
      integrationType: HttpIntegrationType.AWS_PROXY,
      integrationUri: target.called.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    routes.forEach((route, index) => {
      new CfnRoute(this, `${id}Route${index + 1}`, {
        apiId: this.api.apiId,
        routeKey: keyOf(route),
        target: `integrations/${integrationId}`,
        authorizationType: 'NONE',
      });
    });
    target.called.addPermission('RestApi', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi(undefined, paths),
    });
  }
}

const keyOf = ({ method, path }: Route) => `${method} ${path}`;

/** The routes have to be there before: `changeInSequence` has the stage come last. */
function throttleApart(stage: HttpStage, routes: readonly Route[], throttle: Throttle): void {
  const settings = { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst };
  const { defaultChild } = stage.node;
  (defaultChild as CfnStage).routeSettings = Object.fromEntries(
    routes.map((route) => [keyOf(route), settings]),
  );
}

/** API Gateway answers browsers' questions itself, before any function. */
const corsFor = (origins: readonly string[]): CorsPreflightOptions => ({
  allowOrigins: [...origins],
  allowMethods: CORS.methods.map((method) => CorsHttpMethod[method]),
  allowHeaders: [...CORS.requestHeaders],
  exposeHeaders: [...CORS.answerHeaders],
  maxAge: Duration.seconds(CORS.maxAge),
});
