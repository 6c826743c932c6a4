import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { requestSigner } from '../../../lambdas/aws/request-signer.ts';
import {
  readLabelledSecret,
  readSecret,
  secretVersions,
} from '../../../lambdas/aws/token-secret.ts';
import { type Loopback, openLoopback } from './loopback.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:parlor-AbCdEf';
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' };

let answer = { status: 200, body: '' };
let server: Loopback;
beforeEach(async () => {
  server = await openLoopback((_, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(answer.body);
  });
});
afterEach(() => server.close());

const read = () =>
  readSecret({ arn: ARN, region: 'eu-central-1', credentials, endpoint: server.url });

test("the secret's text is read, as bytes", async () => {
  answer = {
    status: 200,
    body: JSON.stringify({ SecretString: 'größer als 32 Bytes', Name: 'x' }),
  };
  expect(await read()).toEqual(new TextEncoder().encode('größer als 32 Bytes'));
});

test('the call is the one that Secrets Manager knows, with every header signed', async () => {
  answer = { status: 200, body: '{"SecretString":"s"}' };
  await read();
  const [request] = server.received;
  expect(request).toMatchObject({
    method: 'POST',
    path: '/',
    body: JSON.stringify({ SecretId: ARN }),
  });
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.GetSecretValue',
  };
  expect(request?.headers).toMatchObject(headers);
  const date = String(request?.headers['x-amz-date']);
  const [, year, month, day, hour, minute, second] =
    /^(....)(..)(..)T(..)(..)(..)Z$/.exec(date) ?? [];
  const sign = requestSigner('secretsmanager', 'eu-central-1', credentials);
  const expected = sign({
    host: new URL(server.url).host,
    path: '/',
    body: JSON.stringify({ SecretId: ARN }),
    now: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
    headers,
  });
  expect(request?.headers.authorization).toBe(expected.authorization);
});

describe('the version with a label', () => {
  const readPrevious = () =>
    readLabelledSecret(
      { arn: ARN, region: 'eu-central-1', credentials, endpoint: server.url },
      'AWSPREVIOUS',
    );

  test('is asked for by it', async () => {
    answer = { status: 200, body: '{"SecretString":"old"}' };
    expect(await readPrevious()).toEqual(new TextEncoder().encode('old'));
    const body = JSON.stringify({ SecretId: ARN, VersionStage: 'AWSPREVIOUS' });
    expect(server.received[0]?.body).toBe(body);
  });

  test('need not be there, but must be readable', async () => {
    answer = { status: 400, body: '{"__type":"ResourceNotFoundException","Message":"no"}' };
    expect(await readPrevious()).toBeUndefined();
    answer = { status: 400, body: '{"__type":"AccessDeniedException"}' };
    await expect(readPrevious()).rejects.toThrow('answered 400 instead of the secret');
  });
});

describe('the versions of a secret', () => {
  const secret = () =>
    secretVersions({ arn: ARN, region: 'eu-central-1', credentials, endpoint: server.url });

  test('are told with their labels, without a value', async () => {
    const versions = { v1: ['AWSPREVIOUS', 'KEPT'], v2: ['AWSCURRENT'] };
    answer = { status: 200, body: JSON.stringify({ VersionIdsToStages: versions }) };
    expect(await secret().versions()).toEqual(new Map(Object.entries(versions)));
    expect(server.received[0]).toMatchObject({
      body: JSON.stringify({ SecretId: ARN }),
      headers: { 'x-amz-target': 'secretsmanager.DescribeSecret' },
    });
  });

  test('are read by their ids, and the current one by none', async () => {
    answer = { status: 200, body: '{"SecretString":"old","VersionId":"v1"}' };
    const old = { id: 'v1', secret: new TextEncoder().encode('old') };
    expect(await secret().read('v1')).toEqual(old);
    expect(await secret().read()).toEqual(old);
    expect(server.received.map(({ body }) => body)).toEqual([
      JSON.stringify({ SecretId: ARN, VersionId: 'v1' }),
      JSON.stringify({ SecretId: ARN }),
    ]);
  });

  test.each([
    { status: 400, body: '{"__type":"AccessDeniedException"}' },
    { status: 200, body: '{}' },
    { status: 503, body: '<html>' },
  ])('are not taken from an answer like $status $body', async (given) => {
    answer = given;
    await expect(secret().versions()).rejects.toThrow(
      `Secrets Manager answered ${given.status} instead of the secret's versions.`,
    );
    await expect(secret().read()).rejects.toThrow(`answered ${given.status} instead of the secret`);
  });

  test('are not told apart by an answer that names none', async () => {
    answer = { status: 200, body: '{"SecretString":"not to be told"}' };
    await expect(secret().read()).rejects.toThrow(
      "Secrets Manager didn't say which version of the secret it answered.",
    );
  });
});

test.each([
  { status: 400, body: '{"__type":"ResourceNotFoundException","Message":"no"}' },
  { status: 403, body: '{"__type":"AccessDeniedException"}' },
  { status: 500, body: '{}' },
  { status: 500, body: '{"SecretString":"not to be told"}' },
  { status: 200, body: '{"SecretBinary":"c2VjcmV0"}' },
  { status: 200, body: '{"SecretString":7}' },
])('an answer like $status $body is an error without the secret', async (given) => {
  answer = given;
  await expect(read()).rejects.toThrow(
    `Secrets Manager answered ${given.status} instead of the secret.`,
  );
});

test.each([
  { status: 503, body: '<html>Service Unavailable</html>' },
  { status: 502, body: '' },
  { status: 200, body: 'null' },
])('an answer like $status $body that is not its JSON is an error, too', async (given) => {
  answer = given;
  await expect(read()).rejects.toThrow(
    `Secrets Manager answered ${given.status} instead of the secret.`,
  );
});

test('a service that is not there is an error', async () => {
  await server.close();
  await expect(read()).rejects.toThrow('ECONNREFUSED');
  server = await openLoopback(() => {});
});
