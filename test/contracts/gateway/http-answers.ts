import { describe, expect, test } from '@jest/globals';
import type { LambdaHandler } from '../../../local/gateway/gateway.ts';
import type { OpenGatewayUnderTest } from './harness.ts';

const answering =
  (answer: unknown): LambdaHandler =>
  async () =>
    answer;

export function httpAnswersContract(open: OpenGatewayUnderTest): void {
  const serving = (handler: LambdaHandler) =>
    open(() => ({ http: [{ path: '$default', handler }] }), { httpTimeoutSeconds: 0.2 });

  describe('HTTP answers', () => {
    test('status, headers, cookies and body are the handler’s own', async () => {
      const { url } = await serving(
        answering({
          statusCode: 201,
          headers: { 'X-Number': 5, 'Content-Type': 'text/csv', 'Transfer-Encoding': 'chunked' },
          cookies: ['a=1', 'b=2; HttpOnly'],
          body: 'ö',
        }),
      );
      const response = await fetch(url);
      expect(response.status).toBe(201);
      expect(response.headers.get('x-number')).toBe('5');
      expect(response.headers.get('content-type')).toBe('text/csv');
      expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; HttpOnly']);
      expect(response.headers.get('content-length')).toBe('2');
      expect(await response.text()).toBe('ö');
    });

    test('a body in base64 is sent decoded', async () => {
      const { url } = await serving(
        answering({ statusCode: 200, body: '/wA=', isBase64Encoded: true }),
      );
      expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(Uint8Array.of(255, 0));
    });

    test('a body without a content type is plain text', async () => {
      const { url } = await serving(answering({ statusCode: 200, body: 'hi' }));
      expect((await fetch(url)).headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    });

    test.each([
      [{ hello: 'you' }, '{"hello":"you"}'],
      [[1, 2], '[1,2]'],
      ['"text"', '"text"'],
      [undefined, 'null'],
    ])('%p without a status is 200 and JSON', async (answer, body) => {
      const { url } = await serving(answering(answer));
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.text()).toBe(body);
    });

    test('HEAD gets the headers without the body', async () => {
      const { url } = await serving(answering({ statusCode: 200, body: 'four' }));
      const response = await fetch(url, { method: 'HEAD' });
      expect(response.headers.get('content-length')).toBe('4');
      expect(await response.text()).toBe('');
    });

    test('204 has neither body nor length', async () => {
      const { url } = await serving(answering({ statusCode: 204 }));
      const response = await fetch(url);
      expect(response.status).toBe(204);
      expect(response.headers.get('content-length')).toBeNull();
    });

    test.each([
      ['throws', () => Promise.reject(new Error('broken'))],
      ['answers a status that is none', answering({ statusCode: 'ok' })],
      ['answers a body that is no text', answering({ statusCode: 200, body: {} })],
      [
        'answers a header that breaks lines',
        answering({ statusCode: 200, headers: { a: '\r\n' } }),
      ],
      ['answers a header without a name', answering({ statusCode: 200, headers: { '': 'x' } })],
      ['answers headers that are none', answering({ statusCode: 200, headers: 'x' })],
      ['answers cookies that are none', answering({ statusCode: 200, cookies: [1] })],
      ['answers more than 6 MB', answering({ statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) })],
    ])('a handler that %s is 500, logged once', async (_what, handler) => {
      const { url, logged } = await serving(handler);
      const response = await fetch(url);
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ message: 'Internal Server Error' });
      expect(logged).toHaveLength(1);
    });

    test('a handler that never answers is 503', async () => {
      const { url, logged } = await serving(() => new Promise<never>(() => {}));
      const response = await fetch(url);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ message: 'Service Unavailable' });
      expect(logged).toHaveLength(1);
    });
  });
}
