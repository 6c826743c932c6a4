import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { emfMeter } from '../../lambdas/aws/emf-meter.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { meteredGateway, meteredLog } from '../../lambdas/chat/metered.ts';
import { auditHandler } from '../../lambdas/edge/audit.ts';
import { connectHandler } from '../../lambdas/edge/socket/connect.ts';
import { tokenExpiryHandler } from '../../lambdas/edge/token-expiry.ts';
import type { FakeServices } from '../fakes/services.ts';
import { metricsAmong, printedLines } from '../lambdas/aws/printed.ts';
import { aRoomWith, ROOM, stored } from '../lambdas/chat/pumped-room.ts';
import { aContext } from '../lambdas/edge/context.ts';
import { ask } from '../lambdas/edge/http/asking.ts';
import { speak } from '../lambdas/edge/socket/speaking.ts';
import { alarmOf, alarmsOf, sampleFor } from './observability/alarms-of.ts';
import { metricsOf, stateOf } from './observability/evaluate-alarm.ts';
import { type Sample, samplesOf } from './observability/samples.ts';
import { globalAlarmsTemplateWith, policiesOf, resources, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({
    edge: 'false',
    alarmEmail: 'ops@example.com',
    canary: 'true',
    monthlyBudget: '100',
  });
});

/** The name under which the functions are told to write their metrics. */
const stage = (): string => {
  const stages = Object.entries(resources(template, 'AWS::Lambda::Function'))
    // CDK's own, by which a deployment calls AWS.
    .filter(([id]) => !/^AWS[0-9a-f]{8}/.test(id))
    .map(
      ([, { Properties }]) =>
        (Properties.Environment as { Variables: Record<string, string> }).Variables.PARLOR_STAGE,
    );
  const [only, ...more] = new Set(stages);
  if (only === undefined || more.length > 0) throw new Error('Not exactly one stage.');
  return only;
};

const RUNBOOK = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

const NAMES = [
  ...['audit-rescues', 'dead-letters', 'audit-behind', 'handovers-dropped', 'sweeps-missing'],
  'sweeps-failing',
  ...['failed-requests', 'rest-errors', 'socket-errors'],
  ...['requests-refused', 'direct-access', 'stage-throttled'],
  ...['logins-refused', 'many-registrations'],
  ...['canary-failing', 'spending'],
  ...['lambda-throttles', 'table-throttles', 'posts-throttled', 'slow-appends'],
];

describe('every alarm', () => {
  test('is one of these', () => {
    expect(alarmsOf(template).map(({ AlarmName }) => AlarmName)).toEqual(
      expect.arrayContaining(NAMES.map((name) => `Parlor-${name}`)),
    );
    expect(alarmsOf(template)).toHaveLength(NAMES.length);
  });

  test.each(NAMES)('%s leads to its section, which says what to look at and what to do', (name) => {
    expect(alarmOf(template, name).AlarmDescription).toMatch(
      new RegExp(`^[A-Z].*\\. What to look at and do: docs/operations\\.md#${name}$`),
    );
    const [, section = ''] = RUNBOOK.split(`\n### ${name}\n`);
    const text = section.split(/\n##/)[0];
    for (const part of ['**Means.**', '**Look at.**', '**Do.**']) expect(text).toContain(part);
  });

  test.each(NAMES)('%s tells the topic of its urgency, as the page says', (name) => {
    const [, soon] =
      new RegExp(`^\\| \\[${name}\\]\\(#${name}\\) \\|.*\\| ([a-z ]+) \\|$`, 'm').exec(RUNBOOK) ??
      [];
    const topic = Object.keys(resources(template, 'AWS::SNS::Topic')).find((id) =>
      id.startsWith(soon === 'now' ? 'ObservabilityAlarmTopic' : 'ObservabilityLaterTopic'),
    );
    expect(soon).toMatch(/^(now|within the hour|today)$/);
    expect(alarmOf(template, name).AlarmActions).toEqual([{ Ref: topic }]);
  });

  test('edge-errors, in its own region, leads to its section too', () => {
    const [alarm] = alarmsOf(globalAlarmsTemplateWith({ alarmEmail: 'ops@example.com' }));
    expect(alarm?.AlarmDescription).toContain('docs/operations.md#edge-errors');
    expect(RUNBOOK).toMatch(/^\| \[edge-errors\]\(#edge-errors\) \|.*\| now \|$/m);
    const [, section = ''] = RUNBOOK.split('\n### edge-errors\n');
    for (const part of ['**Means.**', '**Look at.**', '**Do.**']) expect(section).toContain(part);
  });

  test('is quiet while all is well', () => {
    const sweeps = metricsOf(alarmOf(template, 'sweeps-missing')).get('invocations');
    const minutely = [0, 1].map((ago) => sampleFor(sweeps, 5, ago));
    const runs = metricsOf(alarmOf(template, 'canary-failing')).get('invocations');
    const samples = [...minutely, ...[0, 1, 2].map((ago) => sampleFor(runs, 1, ago))];
    expect(alarmsOf(template).filter((alarm) => stateOf(alarm, samples) === 'ALARM')).toEqual([]);
  });
});

describe('an alarm on what the functions count', () => {
  let lines: string[];
  beforeEach(() => {
    lines = printedLines();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** The same services, seen as deployed ones are. */
  function seen(services: FakeServices): FakeServices {
    const { meter, flushing } = emfMeter(stage());
    return Object.assign(services, {
      meter,
      instruments: [flushing],
      log: meteredLog(services.log, meter),
      gateway: meteredGateway(services.gateway, meter),
    });
  }

  /** What CloudWatch was told since this was last asked. */
  const told = (ago = 0): Sample[] => {
    const metrics = metricsAmong(lines.splice(0));
    return metrics.flatMap((line) => samplesOf(line, ago));
  };

  const say = { action: 'sendMessage', room: ROOM, content: 'hello' };

  test('audit-rescues goes off when the audit had to pump a room', async () => {
    const services = seen(await aRoomWith([{}]));
    const audit = async () => {
      const record = { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: keys.log(ROOM) } } } };
      await auditHandler(services)({ Records: [record] }, aContext());
      return told();
    };
    await stored(services, 1);
    expect(stateOf(alarmOf(template, 'audit-rescues'), await audit())).toBe('ALARM');
    // A second look finds the room as it should be.
    expect(stateOf(alarmOf(template, 'audit-rescues'), await audit())).toBe('OK');
  });

  test('sweeps-failing goes off when connections whose token expired can’t be looked at', async () => {
    const services = seen(await aRoomWith([{ id: 'c1' }, { id: 'c2' }, { id: 'c3' }]));
    const { find } = services.connections;
    services.connections.find = async (id, now) => {
      if (id !== 'c1') throw new Error('The table is down.');
      return await find(id, now);
    };
    services.clock.set((await find('c1', services.clock.now()))?.authUntil ?? 0);
    const samples: Sample[] = [];
    for (let sweep = 1; sweep <= 3; sweep++) {
      expect(stateOf(alarmOf(template, 'sweeps-failing'), samples)).toBe('OK');
      await tokenExpiryHandler(services)({}, aContext()).catch(() => undefined);
      samples.push(...told());
    }
    expect(stateOf(alarmOf(template, 'sweeps-failing'), samples)).toBe('ALARM');
  });

  test('failed-requests goes off when the table is down', async () => {
    const services = seen(await aRoomWith([{ id: 'c1' }]));
    services.log.head = () => Promise.reject(new Error('The log is down.'));
    const alarm = alarmOf(template, 'failed-requests');
    for (let times = 1; times <= 4; times++) await speak(services, 'send', say);
    const four = told();
    expect(stateOf(alarm, four)).toBe('OK');
    await speak(services, 'send', say);
    const five = [...four, ...told()];
    expect(stateOf(alarm, five)).toBe('ALARM');
    // Five of many are no outage.
    const requests = metricsOf(alarm).get('requests');
    expect(stateOf(alarm, [...five, sampleFor(requests, 496)])).toBe('OK');
    expect(stateOf(alarm, [...five, sampleFor(requests, 495)])).toBe('ALARM');
  });

  test('requests-refused goes off when half of all are, a quarter of an hour long', async () => {
    const services = seen(await aRoomWith([{ id: 'c1' }]));
    const alarm = alarmOf(template, 'requests-refused');
    const samples: Sample[] = [];
    for (const ago of [2, 1, 0]) {
      expect(stateOf(alarm, samples)).toBe('OK');
      const refused = { ...say, room: 'elsewhere' };
      for (let times = 1; times <= 20; times++) await speak(services, 'send', refused);
      samples.push(...told(ago));
    }
    expect(stateOf(alarm, samples)).toBe('ALARM');
    const requests = metricsOf(alarm).get('requests');
    expect(stateOf(alarm, [...samples, sampleFor(requests, 21)])).toBe('OK');
  });

  test("direct-access goes off when the edge's key is not known, and not for a stranger", async () => {
    const services = seen(await aRoomWith([{}]));
    const guarded = { ...services, edgeKey: { admits: async () => false } };
    const event = { requestContext: { connectionId: 'c9' }, queryStringParameters: { room: ROOM } };
    for (let times = 1; times <= 20; times++) await connectHandler(guarded)(event, aContext());
    const alarm = alarmOf(template, 'direct-access');
    const all = told();
    expect(stateOf(alarm, all)).toBe('ALARM');
    const requests = metricsOf(alarm).get('requests');
    expect(stateOf(alarm, [...all, sampleFor(requests, 181)])).toBe('OK');
  });

  test.each([
    ['logins-refused', '/api/token/', 60],
    ['many-registrations', '/accounts/registration/', 30],
  ])('%s goes off for many, and not among much more', async (name, path, many) => {
    const services = seen(await aRoomWith([{}]));
    for (let n = 1; n <= many; n++) {
      const body = { username: `new${n}`, password: 'correct horse battery' };
      await ask(services, 'POST', path, { body, sourceIp: '127.0.0.1' });
    }
    const once = told();
    const all = [0, 1, 2].flatMap((ago) => once.map((sample) => ({ ...sample, ago })));
    const alarm = alarmOf(template, name);
    expect(stateOf(alarm, all)).toBe('ALARM');
    const requests = metricsOf(alarm).get('requests');
    expect(stateOf(alarm, [...all, sampleFor(requests, many * 10)])).toBe('OK');
  });

  test('stage-throttled goes off for what API Gateway itself holds back', () => {
    const alarm = alarmOf(template, 'stage-throttled');
    const { throttled, requests } = Object.fromEntries(metricsOf(alarm));
    const filters = Object.values(resources(template, 'AWS::Logs::MetricFilter'));
    expect(filters).toHaveLength(2);
    for (const { Properties } of filters) {
      expect(Properties).toMatchObject({
        FilterPattern: '{ $.status = "429" && $.integrationStatus = "-" }',
        MetricTransformations: [
          {
            MetricNamespace: throttled?.on.Namespace,
            MetricName: throttled?.on.MetricName,
            MetricValue: '1',
          },
        ],
      });
      const { Ref } = Properties.LogGroupName as { Ref: string };
      expect(Ref).toMatch(/^(Rest|Socket)AccessLog/);
    }
    const ten = sampleFor(throttled, 10);
    expect(stateOf(alarm, [ten])).toBe('ALARM');
    expect(stateOf(alarm, [ten, sampleFor(requests, 1_000)])).toBe('ALARM');
    expect(stateOf(alarm, [ten, sampleFor(requests, 1_001)])).toBe('OK');
  });

  test('slow-appends goes off when storing takes a second, three periods long', async () => {
    const services = seen(await aRoomWith([{ id: 'c1' }]));
    const { put } = services.log;
    services.log.put = async (...events) => {
      services.clock.advance(1_000);
      return put(...events);
    };
    const samples: Sample[] = [];
    for (const ago of [2, 1, 0]) {
      expect(stateOf(alarmOf(template, 'slow-appends'), samples)).toBe('OK');
      await speak(services, 'send', say);
      samples.push(...told(ago));
    }
    expect(stateOf(alarmOf(template, 'slow-appends'), samples)).toBe('ALARM');
  });

  test('posts-throttled goes off when one post in a hundred is, a quarter of an hour long', async () => {
    const services = seen(await aRoomWith([{ id: 'c1' }, { id: 'c2' }]));
    services.gateway = meteredGateway(
      {
        ...services.gateway,
        post: async (connectionId) => (connectionId === 'c2' ? 'throttled' : 'delivered'),
      },
      services.meter,
    ) as FakeServices['gateway'];
    const samples: Sample[] = [];
    for (const ago of [2, 1, 0]) {
      expect(stateOf(alarmOf(template, 'posts-throttled'), samples)).toBe('OK');
      await speak(services, 'send', say);
      samples.push(...told(ago));
    }
    expect(samples.filter(({ name }) => name === 'PostsThrottled')).toHaveLength(3);
    expect(stateOf(alarmOf(template, 'posts-throttled'), samples)).toBe('ALARM');
    const fewer = samples.map((sample) =>
      sample.name === 'PostsDelivered' ? { ...sample, value: 1_000 } : sample,
    );
    expect(stateOf(alarmOf(template, 'posts-throttled'), fewer)).toBe('OK');
  });

  test('socket-errors does not go off for refused handshakes, but for what is beyond them', async () => {
    const services = seen(await aRoomWith([{}]));
    const event = { requestContext: { connectionId: 'c9' }, queryStringParameters: { room: ROOM } };
    for (let times = 1; times <= 6; times++) await connectHandler(services)(event, aContext());
    const refusals = told();
    const alarm = alarmOf(template, 'socket-errors');
    const { integration, execution } = Object.fromEntries(metricsOf(alarm));
    expect(stateOf(alarm, [...refusals, sampleFor(integration, 6)])).toBe('OK');
    expect(stateOf(alarm, [...refusals, sampleFor(integration, 11)])).toBe('ALARM');
    expect(stateOf(alarm, [...refusals, sampleFor(execution, 5)])).toBe('ALARM');
  });
});

describe('alarms are told', () => {
  test('to topics, over TLS only, by CloudWatch of this account, and from there by e-mail', () => {
    const topics = Object.keys(resources(template, 'AWS::SNS::Topic'));
    expect(topics).toHaveLength(2);
    for (const topic of topics) {
      template.hasResourceProperties('AWS::SNS::Subscription', {
        Protocol: 'email',
        Endpoint: 'ops@example.com',
        TopicArn: { Ref: topic },
      });
    }
    const policies = Object.values(resources(template, 'AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      expect(Properties.PolicyDocument).toMatchObject({
        Statement: [
          { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          {
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      });
    }
  });

  test('to nobody yet, where no address is given', () => {
    const silent = templateWith({ edge: 'false' });
    expect(resources(silent, 'AWS::SNS::Subscription')).toEqual({});
    expect(Object.keys(resources(silent, 'AWS::SNS::Topic'))).toHaveLength(2);
  });
});

describe('tracing', () => {
  test('is off unless asked for, and then on for every function, with leave to send traces', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/TracingConfig|xray/);
    const traced = templateWith({ edge: 'false', tracing: 'true' });
    for (const { Properties } of Object.values(resources(traced, 'AWS::Lambda::Function'))) {
      expect(Properties).toMatchObject({
        TracingConfig: { Mode: 'Active' },
        Environment: { Variables: { PARLOR_TRACING: 'true' } },
      });
    }
    expect(JSON.stringify(policiesOf(traced, 'Docs'))).toContain('xray:PutTraceSegments');
  });
});
