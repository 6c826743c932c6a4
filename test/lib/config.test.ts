import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { type Config, readConfig, stackName } from '../../lib/config.ts';
import { EVERY_OPTION } from './synthesize.ts';

const configOf = (context: Record<string, unknown>) => readConfig(new App({ context }).node);

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50';

describe('the settings of a deployment', () => {
  test('have defaults', () => {
    const { issuers, ...config } = configOf({});
    expect(issuers).toBeDefined();
    expect(config).toEqual({
      stage: undefined,
      edge: true,
      domain: undefined,
      waf: false,
      directAccess: false,
      edgeKeyVersion: undefined,
      allowedOrigins: [],
      encryptionKey: 'aws',
      retainData: true,
      backup: undefined,
      tags: {},
      release: 'direct',
      table: undefined,
      historyRetentionDays: undefined,
      logRetentionDays: 30,
      logLevel: 'info',
      canary: false,
      observability: 'full',
      monthlyBudget: undefined,
      tracing: false,
      dynamoClient: 'lean',
      alarmEmail: undefined,
      accessTokenMinutes: 5,
      refreshTokenDays: 1,
      rotateRefreshTokens: true,
      registration: 'open',
      loginConcurrency: undefined,
      docs: true,
      strictExpiry: false,
      postClient: 'lean',
      roomPostsPerSecond: 5000,
      frameBurst: 100,
      framesPerSecond: 10,
      throttles: { socket: { rate: 2000, burst: 1000 }, rest: { rate: 1000, burst: 500 } },
      apiGatewayLogRole: true,
    });
  });

  test('are read as the command line writes them', () => {
    const defaults = configOf({});
    const config = configOf({ ...EVERY_OPTION, directAccess: 'true', edgeKeyVersion: undefined });
    expect(config).toMatchObject({
      stage: 'all',
      domain: {
        name: 'chat.example.com',
        certificateArn: CERTIFICATE,
        hostedZoneId: 'Z0123456789ABCDEFGHIJ',
      },
      allowedOrigins: ['https://a.example', 'https://b.example:8443'],
      historyRetentionDays: 365,
      logRetentionDays: 90,
      alarmEmail: 'ops@example.com',
      accessTokenMinutes: 15,
      refreshTokenDays: 30,
      roomPostsPerSecond: 1250,
      frameBurst: 200,
      framesPerSecond: 20,
      throttles: { socket: { rate: 500, burst: 250 }, rest: { rate: 250, burst: 125 } },
    });
    const same = (Object.keys(defaults) as (keyof Config)[]).filter(
      (name) => JSON.stringify(config[name]) === JSON.stringify(defaults[name]),
    );
    const further = ['edge', 'edgeKeyVersion', 'table', 'observability'];
    expect(same.filter((name) => !further.includes(name))).toEqual([]);
  });

  test('are read as JSON has them', () => {
    expect(
      configOf({
        edge: false,
        allowedOrigins: ['https://a.example', 'http://localhost:3000'],
        roomPostsPerSecond: 100_000,
        logRetentionDays: 1,
      }),
    ).toMatchObject({
      edge: false,
      allowedOrigins: ['https://a.example', 'http://localhost:3000'],
      roomPostsPerSecond: 100_000,
      logRetentionDays: 1,
    });
  });

  test('name the stack', () => {
    expect(stackName(configOf({}))).toBe('Parlor');
    expect(stackName(configOf({ stage: 'staging-2' }))).toBe('Parlor-staging-2');
  });
});

/** Each says what the setting holds, what it takes, and mostly what to write. */
describe('a setting that can not be', () => {
  test.each(['no', '', 0, 'False'])('such as %j for a yes or a no', (edge) => {
    expect(() => configOf({ edge })).toThrow(
      `-c edge=${edge} is neither true nor false. Write -c edge=false.`,
    );
    expect(() => configOf({ waf: edge })).toThrow('Write -c waf=true.');
  });

  test('such as a burst with which nobody could come in', () => {
    expect(() => configOf({ frameBurst: '19' })).toThrow(
      '-c frameBurst=19 is not a whole number from 20 to 10000. Write -c frameBurst=100.',
    );
  });

  test.each(['0', '-1', '1.5', '1e3', '100001', 'many', '', true])(
    'such as %j for a rate',
    (rate) => {
      expect(() => configOf({ roomPostsPerSecond: rate })).toThrow(
        `-c roomPostsPerSecond=${rate} is not a whole number from 1 to 100000. Write -c roomPostsPerSecond=5000.`,
      );
    },
  );

  test.each(['0', '3651', '-1', '1.5', 'for ever', '', true])(
    'such as %j for the days that history is kept',
    (days) => {
      expect(() => configOf({ historyRetentionDays: days })).toThrow(
        `-c historyRetentionDays=${days} is not a whole number from 1 to 3650. Write -c historyRetentionDays=365.`,
      );
    },
  );

  test.each(['Staging', '2nd', 'a_b', '', 'x'.repeat(29), 7])('such as %j for a stage', (stage) => {
    expect(() => configOf({ stage })).toThrow(`-c stage=${stage} is not a name of up to 28`);
  });

  test.each([
    'a.example',
    'https://a.example/',
    'https://A.example',
    'https://a.example:443',
    'https://a.example/chat',
    'https://u:p@a.example',
    'ftp://a.example',
    '*',
    'null',
    '',
    'https://a.example,',
  ])('such as "%s" for origins, for no browser sends that', (allowedOrigins) => {
    expect(() => configOf({ allowedOrigins })).toThrow(/-c allowedOrigins: ".*" is not an origin/);
  });

  test('such as an origin that is no text', () => {
    expect(() => configOf({ allowedOrigins: [7] })).toThrow(
      '-c allowedOrigins: "7" is not an origin',
    );
  });

  test('such as days that CloudWatch does not know, or a level that the log does not', () => {
    expect(() => configOf({ logRetentionDays: '31' })).toThrow(
      /-c logRetentionDays=31 is none of 1, 3, 5, .* 3653\. Write -c logRetentionDays=30\./,
    );
    expect(() => configOf({ logLevel: 'debug' })).toThrow(
      '-c logLevel=debug is none of info, error. Write -c logLevel=info.',
    );
  });

  test.each(['ops', 'a@b', 'a@b.example,c@d.example', 'a b@c.example'])(
    'such as "%s" for an e-mail address',
    (alarmEmail) => {
      expect(() => configOf({ alarmEmail })).toThrow(
        `-c alarmEmail=${alarmEmail} is not an e-mail address, like ops@example.com.`,
      );
    },
  );

  test.each([
    'https://chat.example.com',
    'Chat.example.com',
    'localhost',
    'a..b',
    'chat.example.com.',
  ])('such as "%s" for a domain', (domain) => {
    expect(() => configOf({ domain, certificateArn: CERTIFICATE })).toThrow(
      `-c domain=${domain} is not a host name`,
    );
  });

  test('such as a certificate that CloudFront would not take', () => {
    const regional = CERTIFICATE.replace('us-east-1', 'eu-central-1');
    const domain = 'chat.example.com';
    expect(() => configOf({ domain, certificateArn: regional })).toThrow(
      `-c certificateArn=${regional} is in eu-central-1. CloudFront takes certificates from us-east-1 only`,
    );
    expect(() => configOf({ domain, certificateArn: 'mine' })).toThrow(
      '-c certificateArn=mine is not the ARN of a certificate',
    );
    expect(() => configOf({ domain })).toThrow(
      '-c domain=chat.example.com needs a certificate for it.',
    );
  });

  test.each([{ certificateArn: CERTIFICATE }, { hostedZoneId: 'Z0123456789ABCDEFGHIJ' }])(
    'such as %j without a domain',
    (orphan) => {
      const [name] = Object.keys(orphan);
      expect(() => configOf(orphan)).toThrow(`-c ${name} says nothing without a domain.`);
    },
  );

  test.each([
    { domain: 'chat.example.com', certificateArn: CERTIFICATE },
    { waf: 'true' },
    { edgeKeyVersion: '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0' },
  ])('such as %j without the edge', (context) => {
    const [name] = Object.keys(context);
    expect(() => configOf({ ...context, edge: 'false' })).toThrow(
      `-c ${name} is a setting of the edge, which -c edge=false leaves out.`,
    );
  });

  test('such as an edge key where nobody asks for it', () => {
    const edgeKeyVersion = '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0';
    expect(() => configOf({ edgeKeyVersion, directAccess: 'true' })).toThrow(
      '-c edgeKeyVersion says nothing with -c directAccess=true, for there is no key then.',
    );
    expect(() => configOf({ edgeKeyVersion: '2' })).toThrow(
      '-c edgeKeyVersion=2 is not the id of a version',
    );
  });
});

describe('a setting that there is not', () => {
  test.each([
    ['waff', 'waf'],
    ['Edge', 'edge'],
    ['roomPostPerSecond', 'roomPostsPerSecond'],
    ['historyRetention', 'historyRetentionDays'],
    ['history-retention-day', 'historyRetentionDays'],
    ['allowed-origins', 'allowedOrigins'],
    ['certificate', 'certificateArn'],
    ['logRetention', 'logRetentionDays'],
    ['stagge', 'stage'],
  ])('is reported when it looks like one that there is: %s for %s', (name, meant) => {
    expect(() => configOf({ [name]: 'true' })).toThrow(
      `There is no setting "${name}". Did you mean -c ${meant}=…?`,
    );
  });

  test.each(['cli-telemetry', '@aws-cdk/aws-lambda:useCdkManagedLogGroup', 'team', 'x'])(
    "is left alone when it is CDK's, or a stranger's: %s",
    (name) => {
      expect(() => configOf({ [name]: 'true' })).not.toThrow();
    },
  );
});
