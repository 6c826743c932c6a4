import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { apiGatewayConnections } from '../../../lambdas/aws/connection-gateway.ts';
import { requestSigner } from '../../../lambdas/aws/request-signer.ts';
import { fakeClock, START } from '../../fakes/fake-clock.ts';
import { type Loopback, openLoopback } from './loopback.ts';

const ID = 'd1Y6deLooAMCJxA=';
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' };
const DEADLINE_MS = 200;

/** What the server answers with; 0 is no answer, 1 is half of one. */
let status = 200;
let server: Loopback;

beforeEach(async () => {
  status = 200;
  server = await openLoopback((_, response) => {
    if (status === 0) return;
    if (status === 1) {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half of it');
      return;
    }
    const gone = status === 410 && { 'x-amzn-errortype': 'GoneException' };
    response.writeHead(status, { 'content-type': 'application/json', ...gone });
    response.end(status === 200 ? '{"connectedAt":"2026-11-22T10:54:01Z"}' : '{}');
  });
});
afterEach(() => server.close());

const gatewayTo = (url: string) =>
  apiGatewayConnections({
    endpoint: `${url}/prod/`,
    region: 'eu-central-1',
    credentials,
    clock: fakeClock(),
    deadlineMs: DEADLINE_MS,
  });

describe('a post', () => {
  test('goes to the connection, signed, with the frame for its body', async () => {
    expect(await gatewayTo(server.url).post(ID, '{"größe":"🙂"}')).toBe('delivered');
    const [request] = server.received;
    const path = '/prod/@connections/d1Y6deLooAMCJxA%3D';
    expect(request).toMatchObject({ method: 'POST', path, body: '{"größe":"🙂"}' });
    const host = new URL(server.url).host;
    const sign = requestSigner('execute-api', 'eu-central-1', credentials);
    expect(request?.headers).toMatchObject(
      sign({ host, path, body: '{"größe":"🙂"}', now: START }),
    );
  });

  test.each([
    [200, 'delivered'],
    [410, 'gone'],
    [429, 'throttled'],
  ])('that is answered with %i was %s', async (answer, outcome) => {
    status = answer;
    expect(await gatewayTo(server.url).post(ID, 'x')).toBe(outcome);
  });

  test.each([403, 413, 500, 503, 404, 301, 204])(
    'that is answered with %i throws',
    async (answer) => {
      status = answer;
      await expect(gatewayTo(server.url).post(ID, 'x')).rejects.toThrow(
        `The @connections API answered ${answer} to a post.`,
      );
    },
  );

  test.each([
    ['without an answer is slow', 0, 'slow'],
    ['whose answer stops after its status is what the status says', 1, 'delivered'],
  ])('%s, once the deadline has passed', async (_, answer, outcome) => {
    status = answer;
    const start = performance.now();
    expect(await gatewayTo(server.url).post(ID, 'x')).toBe(outcome);
    expect(performance.now() - start).toBeLessThan(15 * DEADLINE_MS);
  });

  test('that hangs keeps no other from being delivered', async () => {
    const gateway = gatewayTo(server.url);
    status = 0;
    const hanging = gateway.post('hangs', 'x');
    await until(() => server.received.length === 1);
    status = 200;
    expect(await gateway.post(ID, 'x')).toBe('delivered');
    expect(await hanging).toBe('slow');
  });

  test('that nobody listens to throws', async () => {
    await server.close();
    await expect(gatewayTo(server.url).post(ID, 'x')).rejects.toThrow('ECONNREFUSED');
    server = await openLoopback(() => {});
  });

  test('leaves its socket to the next', async () => {
    const gateway = gatewayTo(server.url);
    for (const answer of Array.from({ length: 10 }, () => [200, 410, 429, 500]).flat()) {
      status = answer;
      await gateway.post(ID, 'x').catch(() => {});
    }
    expect(server.received).toHaveLength(40);
    expect(server.sockets).toBeLessThan(5);
  });
});

describe('asking after a connection', () => {
  test('that is open says so', async () => {
    expect(await gatewayTo(server.url).isOpen(ID)).toBe(true);
    expect(server.received).toMatchObject([
      { method: 'GET', path: '/prod/@connections/d1Y6deLooAMCJxA%3D' },
    ]);
    expect(server.received[0]?.headers['x-amz-security-token']).toBe('session');
  });

  test('leaves its socket to the next', async () => {
    const gateway = gatewayTo(server.url);
    for (let n = 0; n < 20; n++) await gateway.isOpen(ID);
    expect(server.received).toHaveLength(20);
    expect(server.sockets).toBeLessThan(5);
  });

  test('that has ended says so', async () => {
    status = 410;
    expect(await gatewayTo(server.url).isOpen(ID)).toBe(false);
  });

  test.each([403, 400])('throws when the answer is %i', async (answer) => {
    status = answer;
    await expect(gatewayTo(server.url).isOpen(ID)).rejects.toThrow();
  });

  test('throws when nobody answers', async () => {
    await server.close();
    await expect(gatewayTo(server.url).isOpen(ID)).rejects.toThrow('ECONNREFUSED');
    server = await openLoopback(() => {});
  });
});

describe('closing a connection', () => {
  test('asks the gateway to end it', async () => {
    await gatewayTo(server.url).close(ID);
    expect(server.received).toMatchObject([
      { method: 'DELETE', path: '/prod/@connections/d1Y6deLooAMCJxA%3D' },
    ]);
    expect(server.received[0]?.headers['x-amz-security-token']).toBe('session');
  });

  test('that has ended is harmless', async () => {
    status = 410;
    await expect(gatewayTo(server.url).close(ID)).resolves.toBeUndefined();
  });

  test.each([403, 400])('throws when the answer is %i', async (answer) => {
    status = answer;
    await expect(gatewayTo(server.url).close(ID)).rejects.toThrow();
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
