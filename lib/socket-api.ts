import { Stack, Validations } from 'aws-cdk-lib';
import { type CfnApi, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/aws/environment.ts';
import { ACTION_NAMES, SERVED_BY } from '../lambdas/edge/socket/served-by.ts';
import { accessLog } from './access-log.ts';
import type { Throttle } from './config/throttles.ts';
import { changeInSequence } from './in-sequence.ts';
import type { ParlorFunction } from './parlor-function.ts';

export interface SocketApiProps {
  connect: ParlorFunction;
  sendMessage: ParlorFunction;
  roomAction: ParlorFunction;
  disconnect: ParlorFunction;
  /** Of handshakes, frames and ends together. */
  throttle: Throttle;
}

/** The WebSocket API: which frame goes to which function, and who may post to a connection. */
export class SocketApi extends Construct {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, props: SocketApiProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog');
    const { connect, sendMessage, roomAction, disconnect, throttle } = props;
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-socket`,
      routeSelectionExpression: '$request.body.action',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: 'live',
      autoDeploy: true,
      throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst },
      accessLogSettings: accessLog(this.accessLog, {
        route: '$context.routeKey',
        connectionId: '$context.connectionId',
        integrationStatus: '$context.integration.status',
        integrationLatency: '$context.integration.latency',
      }),
    });
    this.route(connect, '$connect');
    this.route(disconnect, '$disconnect');
    this.route(sendMessage, '$default');
    const functions = { sendMessage, roomAction };
    for (const action of ACTION_NAMES) this.route(functions[SERVED_BY[action]], action);
    changeInSequence(this);
  }

  /**
   * Lets a function ask after connections (GET), send to them (POST) or close them (DELETE), and
   * says where.
   */
  grantReach(user: ParlorFunction, ...methods: ('GET' | 'POST' | 'DELETE')[]): void {
    user.addEnvironment(ENV.connectionsEndpoint, this.stage.callbackUrl);
    for (const method of methods) {
      const path = `${method}/@connections/*`;
      user.addToRolePolicy(
        new PolicyStatement({
          actions: ['execute-api:ManageConnections'],
          resources: [this.api.arnForExecuteApiV2(path, this.stage.stageName)],
        }),
      );
      Validations.of(user.role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${this.logicalId}>/${this.stage.stageName}/${path}]`,
        reason: 'Connections come and go; all of this API, and of no other.',
      });
    }
  }

  private get logicalId(): string {
    return Stack.of(this).getLogicalId(this.api.node.defaultChild as CfnApi);
  }

  private route(target: ParlorFunction, ...keys: string[]): void {
    for (const routeKey of keys) {
      const route = this.api.addRoute(routeKey, {
        integration: new WebSocketLambdaIntegration(`${target.node.id}Integration`, target.called),
        // Without a route response, what the function returns never reaches the client. API
        // Gateway's own routes have none. With one, an answer without a body is an empty message
        // to the client: to an old one, at each message that it sends.
        returnResponse: !routeKey.startsWith('$'),
      });
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'The connect function checks the token; only who passed it can send a frame.',
      });
    }
  }
}
