import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { CORS } from '../../protocol/cors.ts';
import { EVERY_OPTION, type Resource, resources, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

interface Route {
  key: string;
  /** Start of the function's logical id. */
  target: string;
  selectsResponse: boolean;
  responses: unknown[];
  /** Whether API Gateway may call the function for this API. */
  permitted: boolean;
}

/** The routes of the API of one protocol, followed to the function behind. */
function routesOf(protocol: 'WEBSOCKET' | 'HTTP'): Route[] {
  const apis = resources(template, 'AWS::ApiGatewayV2::Api');
  const api = Object.keys(apis).find((id) => apis[id]?.Properties.ProtocolType === protocol);
  const integrations = resources(template, 'AWS::ApiGatewayV2::Integration');
  const permissions = Object.values(resources(template, 'AWS::Lambda::Permission'));
  const responses = Object.values(resources(template, 'AWS::ApiGatewayV2::RouteResponse'));
  return Object.entries(resources(template, 'AWS::ApiGatewayV2::Route'))
    .filter(([, { Properties }]) => refOf(Properties.ApiId) === api)
    .map(([id, { Properties }]) => {
      const integration = integrations[refOf(Properties.Target)];
      const target = functionBehind(integration);
      return {
        key: String(Properties.RouteKey),
        target: target.slice(0, -8),
        selectsResponse: Properties.RouteResponseSelectionExpression === '$default',
        responses: responses
          .filter((response) => refOf(response.Properties.RouteId) === id)
          .map((response) => response.Properties.RouteResponseKey),
        permitted: permissions.some((permission) => permits(permission, target, api)),
      };
    });
}

/** The first logical id that is referred to. */
const refOf = (value: unknown): string =>
  /"Ref":"(\w+)"/.exec(JSON.stringify(value))?.[1] ?? 'none';
const functionBehind = (integration: Resource | undefined): string => {
  const uri = JSON.stringify(integration?.Properties.IntegrationUri);
  return /"Fn::GetAtt":\["(\w+)","Arn"\]/.exec(uri)?.[1] ?? 'none';
};
const permits = ({ Properties }: Resource, target: string, api: string | undefined): boolean =>
  JSON.stringify(Properties.FunctionName).includes(`"${target}"`) &&
  Properties.Principal === 'apigateway.amazonaws.com' &&
  JSON.stringify(Properties.SourceArn).includes(`{"Ref":"${api}"}`);

describe('the WebSocket API', () => {
  test('selects by the action, and answers each action, and no other frame, by what the function returns', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    });
    const silent = { selectsResponse: false, responses: [], permitted: true };
    const answered = { selectsResponse: true, responses: ['$default'], permitted: true };
    expect(routesOf('WEBSOCKET')).toEqual([
      { key: '$connect', target: 'Connect', ...silent },
      { key: '$disconnect', target: 'Disconnect', ...silent },
      { key: '$default', target: 'SendMessage', ...silent },
      { key: 'sendMessage', target: 'SendMessage', ...answered },
      { key: 'edit', target: 'SendMessage', ...answered },
      { key: 'delete', target: 'SendMessage', ...answered },
      { key: 'join', target: 'RoomAction', ...answered },
      { key: 'leave', target: 'RoomAction', ...answered },
      { key: 'ping', target: 'RoomAction', ...answered },
      { key: 'auth', target: 'RoomAction', ...answered },
    ]);
  });

  test('waits for the role that writes its access log, and leaves that to the account if told', () => {
    const [stage] = Object.values(resources(template, 'AWS::ApiGatewayV2::Stage'));
    const [account] = Object.keys(resources(template, 'AWS::ApiGateway::Account'));
    expect(stage?.DependsOn).toContain(account);
    template.hasResource('AWS::ApiGateway::Account', { DeletionPolicy: 'Retain' });
    const without = templateWith({ edge: 'false', apiGatewayLogRole: 'false' });
    without.resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

describe('the HTTP API', () => {
  test('sends the docs to their function and everything else to the router', () => {
    const rest = { selectsResponse: false, responses: [], permitted: true };
    expect(routesOf('HTTP')).toEqual([
      { key: '$default', target: 'Http', ...rest },
      ...['', '/', '/{proxy+}'].map((end) => ({
        key: `ANY /api/schema${end}`,
        target: 'Docs',
        ...rest,
      })),
      ...['', '/', '/{proxy+}'].map((end) => ({
        key: `ANY /api/docs${end}`,
        target: 'Docs',
        ...rest,
      })),
      ...['/accounts/registration', '/accounts/login', '/api/token'].flatMap((path) =>
        ['/', ''].map((end) => ({ key: `POST ${path}${end}`, target: 'Login', ...rest })),
      ),
    ]);
  });
});

describe('the docs', () => {
  const DOCS_KEYS = ['/api/schema', '/api/docs'].flatMap((path) =>
    ['', '/', '/{proxy+}'].map((end) => `ANY ${path}${end}`),
  );
  const restStageOf = (of: Template) =>
    Object.values(resources(of, 'AWS::ApiGatewayV2::Stage')).find(
      ({ Properties }) => Properties.StageName === '$default',
    );

  test('count against throttles of their own, on routes that are there before the stage', () => {
    const stage = restStageOf(template);
    const throttle = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 60 };
    expect(stage?.Properties.RouteSettings).toEqual(
      Object.fromEntries(DOCS_KEYS.map((key) => [key, throttle])),
    );
    const routes = resources(template, 'AWS::ApiGatewayV2::Route');
    const [last] = stage?.DependsOn?.filter((id) => routes[id]) ?? [];
    expect(last).toBeDefined();
  });

  test('have a function only where the API’s own address is for clients: the edge has files', () => {
    const edge = templateWith();
    expect(JSON.stringify(edge.toJSON())).not.toContain('Serves the docs');
    expect(restStageOf(edge)?.Properties).not.toHaveProperty('RouteSettings');
    for (const direct of [template, templateWith({ directAccess: 'true' })]) {
      direct.hasResourceProperties('AWS::Lambda::Function', { Description: 'Serves the docs' });
      expect(Object.keys(restStageOf(direct)?.Properties.RouteSettings ?? {})).toEqual(DOCS_KEYS);
    }
  });

  test('are switched off with their routes, their function and their throttles', () => {
    const without = templateWith({ edge: 'false', docs: 'false' });
    const routes = Object.values(resources(without, 'AWS::ApiGatewayV2::Route'));
    const keys = routes.map(({ Properties }) => String(Properties.RouteKey));
    expect(keys.filter((key) => /docs|schema/.test(key))).toEqual([]);
    expect(keys).toContain('$default');
    expect(restStageOf(without)?.Properties).not.toHaveProperty('RouteSettings');
    const functions = Object.entries(resources(without, 'AWS::Lambda::Function'));
    expect(functions.filter(([id]) => id.startsWith('Docs'))).toEqual([]);
    const [, http] = functions.find(([id]) => /^Http[0-9A-F]{8}$/.test(id)) ?? [];
    expect(http?.Properties.Environment).toMatchObject({ Variables: { PARLOR_DOCS: 'false' } });
    expect(JSON.stringify(without.toJSON())).not.toContain('Serves the docs');
  });
});

describe('pages of other origins', () => {
  const corsOf = (of: Template) =>
    Object.values(resources(of, 'AWS::ApiGatewayV2::Api')).map(
      ({ Properties }) => Properties.CorsConfiguration,
    );

  test('may call the REST API where they are allowed, and read what errors say', () => {
    const open = templateWith({ edge: 'false', allowedOrigins: 'https://a.example' });
    expect(corsOf(open).filter(Boolean)).toEqual([
      {
        AllowOrigins: ['https://a.example'],
        AllowMethods: CORS.methods,
        AllowHeaders: CORS.requestHeaders,
        ExposeHeaders: CORS.answerHeaders,
        MaxAge: 7_200,
      },
    ]);
  });

  test('may not call it by default', () => {
    expect(corsOf(template)).toEqual([undefined, undefined]);
  });
});

describe('every stage', () => {
  test('deploys by itself and holds back what would starve the account', () => {
    const throttlesOf = (of: Template) =>
      Object.values(resources(of, 'AWS::ApiGatewayV2::Stage')).map(({ Properties }) => {
        expect(Properties.AutoDeploy).toBe(true);
        const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } =
          Properties.DefaultRouteSettings as Record<string, unknown>;
        return { rate, burst };
      });
    expect(throttlesOf(template)).toEqual([
      { rate: 2_000, burst: 1_000 },
      { rate: 1_000, burst: 500 },
    ]);
    // In a newer region the account has a quarter.
    expect(throttlesOf(templateWith(EVERY_OPTION))).toEqual([
      { rate: 500, burst: 250 },
      { rate: 250, burst: 125 },
    ]);
  });

  test('logs each request to a group, and of its variables none can hold a token', () => {
    template.allResourcesProperties('AWS::ApiGatewayV2::Stage', {
      AccessLogSettings: { DestinationArn: { 'Fn::GetAtt': [Match.anyValue(), 'Arn'] } },
    });
    const allowed =
      /^\$context\.(requestId|requestTimeEpoch|status|routeKey|httpMethod|path|connectionId|identity\.sourceIp|integration\.(status|latency))$/;
    for (const { Properties } of Object.values(resources(template, 'AWS::ApiGatewayV2::Stage'))) {
      const { Format } = Properties.AccessLogSettings as { Format: string };
      const variables: unknown[] = Object.values(JSON.parse(Format));
      expect(variables.length).toBeGreaterThan(4);
      for (const variable of variables) expect(variable).toMatch(allowed);
    }
  });
});
