import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../lib/bundle.ts';
import { type Loopback, openLoopback } from '../lambdas/aws/loopback.ts';

const POOL = 'undici-lib-dispatcher-pool-js.js';
const SDK = 'aws-sdk-client-apigatewaymanagementapi.js';
const PASSWORDS = 'zxcvbn-ts-language-common.js';

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

const run = (script: string, cwd: string) =>
  promisify(execFile)(process.execPath, ['-e', script], {
    cwd,
    env: { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' },
  });

describe('the functions that are deployed', () => {
  test.each(['connect', 'send-message', 'http'])('load no more than 400 KB for %s', (name) => {
    expect(statSync(join(out, name, 'index.js')).size).toBeLessThan(400 * 1_024);
  });

  test('have beside them what they load when it is needed, and nobody has more', () => {
    const files = (name: string) =>
      readdirSync(join(out, name)).filter((file) => /^(?!index).*\.js$/.test(file));
    expect(files('send-message').sort()).toEqual([SDK, POOL]);
    expect(files('http').sort()).toEqual([SDK, POOL, PASSWORDS]);
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

  test('can sign for the SDK’s client with the credentials of the environment', async () => {
    await run(
      `const { ApiGatewayManagementApiClient, GetConnectionCommand } = require('./${SDK}');
       new ApiGatewayManagementApiClient({ endpoint: '${server.url}' })
         .send(new GetConnectionCommand({ ConnectionId: 'abc=' }));`,
      join(out, 'connect'),
    );
    expect(server.received[0]?.headers.authorization).toContain('Credential=AKID/');
  });
});
