import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../lib/bundle.ts';
import { type Loopback, openLoopback } from '../lambdas/aws/loopback.ts';

const POOL = 'undici-lib-dispatcher-pool-js.js';
const PARSER = 'llhttp-bytes-cjs.js';
const SDK = 'aws-sdk-client-apigatewaymanagementapi.js';
const DYNAMODB_SDK = 'sdk-client.js';
const CONDITION_FAILED = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
  message: 'The conditional request failed',
});
const SEND = {
  requestContext: { connectionId: 'c1' },
  body: JSON.stringify({ action: 'sendMessage', room: 'lobby', content: 'hi', clientId: 'k-1' }),
};
const PASSWORDS = 'zxcvbn-ts-language-common.js';
const LOOKS = 'unhomoglyph.js';
const TRACER = ['aws-lambda-powertools-tracer-middleware.js', 'aws-lambda-powertools-tracer.js'];

let out: string;
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'parlor-lean-'));
  await bundleFunctions(out);
}, 60_000);
afterAll(() => rmSync(out, { recursive: true }));

let server: Loopback;
beforeEach(async () => {
  server = await openLoopback((_, response) => response.end('{"arrived":true}'));
});
afterEach(() => server.close());

const run = (script: string, cwd: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, ['-e', script], {
    cwd,
    env: {
      ...{ AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' },
      ...env,
    },
  });

/** What a function that traces sends to X-Ray's daemon, for one event. @returns its answer too */
async function traced(name: string, event: unknown): Promise<{ answer: string; sent: string }> {
  const daemon = createSocket('udp4');
  const sent: string[] = [];
  daemon.on('message', (packet) => sent.push(String(packet)));
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  try {
    const { stdout } = await run(
      `const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 29_000 };
       require('./index.js').handler(${JSON.stringify(event)}, context)
         .then((answer) => console.log(JSON.stringify(answer)));`,
      join(out, name),
      {
        PARLOR_TABLE: 'parlor',
        PARLOR_TRACING: 'true',
        AWS_ENDPOINT_URL_DYNAMODB: server.url,
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
        _X_AMZN_TRACE_ID:
          'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1',
        _HANDLER: 'index.handler',
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        LAMBDA_TASK_ROOT: out,
      },
    );
    return { answer: stdout, sent: sent.join('\n') };
  } finally {
    daemon.close();
  }
}

describe('the functions that are deployed', () => {
  test.each(['connect', 'send-message', 'http', 'login'])(
    'load no more than 225 KB for %s',
    (name) => {
      expect(statSync(join(out, name, 'index.js')).size).toBeLessThan(225 * 1_024);
    },
  );

  test('have beside them what they load when it is needed, and nobody has more', () => {
    const files = (name: string) =>
      readdirSync(join(out, name)).filter((file) => /^(?!index).*\.js$/.test(file));
    expect(files('send-message').sort()).toEqual([...TRACER, SDK, PARSER, DYNAMODB_SDK, POOL]);
    expect(files('http').sort()).toEqual([...TRACER, SDK, PARSER, DYNAMODB_SDK, POOL]);
    expect(files('login').sort()).toEqual([...TRACER, DYNAMODB_SDK, LOOKS, PASSWORDS]);
    expect(files('docs')).toEqual([]);
    expect(existsSync(join(out, 'send-message', `${POOL}.map`))).toBe(true);
  });

  test('can post over HTTP with what is left of undici', async () => {
    const { stdout } = await run(
      `const Pool = require('./${POOL}');
       const pool = new Pool('${server.url}', { allowH2: false });
       pool.dispatch({ method: 'POST', path: '/', body: 'x' }, {
         onRequestStart() {},
         onResponseStart(_, status) { console.log(status); },
         onResponseData(_, chunk) { console.log(String(chunk)); },
         onResponseEnd() { pool.close(); },
         onResponseError(_, error) { throw error; },
       });`,
      join(out, 'send-message'),
    );
    expect(stdout).toBe('200\n{"arrived":true}\n');
  });

  test('have the parser of answers as it is in undici', async () => {
    const { stdout } = await run(
      `const { bytes } = require('./${PARSER}');
       console.log(bytes.length, WebAssembly.Module.exports(new WebAssembly.Module(bytes)).length > 20);`,
      join(out, 'send-message'),
    );
    expect(stdout).toBe('54202 true\n');
  });

  test('can sign for the SDK’s client with the credentials of the environment', async () => {
    await run(
      `const { ApiGatewayManagementApiClient, GetConnectionCommand } = require('./${SDK}');
       new ApiGatewayManagementApiClient({ endpoint: '${server.url}' })
         .send(new GetConnectionCommand({ ConnectionId: 'abc=' }));`,
      join(out, 'connect'),
    );
    expect(server.received[0]?.headers.authorization).toContain('Credential=AKID/');
  });

  test.each(['lean', 'sdk'])(
    'ask DynamoDB the same by the %s client, and take a condition that fails for an answer',
    async (client) => {
      const dynamo = await openLoopback(({ headers }, response) => {
        const reads = headers['x-amz-target'] === 'DynamoDB_20120810.GetItem';
        response.statusCode = reads ? 200 : 400;
        response.end(reads ? '{}' : CONDITION_FAILED);
      });
      const { stdout } = await run(
        `const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 29_000 };
         require('./index.js').handler(${JSON.stringify(SEND)}, context)
           .then((answer) => console.log(JSON.stringify(answer)));`,
        join(out, 'send-message'),
        {
          PARLOR_TABLE: 'parlor',
          PARLOR_DYNAMODB_CLIENT: client,
          AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
        },
      );
      await dynamo.close();
      expect(stdout).toContain('connection_gone');
      const operations = dynamo.received.map(({ headers }) => headers['x-amz-target']);
      expect(operations.sort()).toEqual(
        ['GetItem', 'Query', 'UpdateItem'].map((operation) => `DynamoDB_20120810.${operation}`),
      );
      const [asked] = dynamo.received;
      expect(asked?.headers.authorization).toContain('Credential=AKID/');
      expect(Boolean(asked?.headers['user-agent'])).toBe(client === 'sdk');
    },
  );

  test('trace an invocation and its calls where that is asked for, and nothing of what was said', async () => {
    const frame = { action: 'sendMessage', room: 'lobby', content: 'between us', clientId: 'k-1' };
    const { answer, sent } = await traced('send-message', {
      requestContext: { connectionId: 'c1' },
      body: JSON.stringify(frame),
    });
    expect(answer).toContain('connection_gone');
    expect(sent).toContain('"name":"## index.handler"');
    expect(sent).toContain('"name":"DynamoDB"');
    expect(sent).toContain('"table_name":"parlor"');
    for (const word of ['between us', 'k-1', 'secret', 'connection_gone', 'expired']) {
      expect(sent).not.toContain(word);
    }
  });
});
