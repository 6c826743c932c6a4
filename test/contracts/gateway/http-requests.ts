import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpRoute } from '../../../local/gateway/gateway.ts';
import { keeping, type OpenGatewayUnderTest, Seen } from './harness.ts';

export function httpRequestsContract(open: OpenGatewayUnderTest): void {
  /** A gateway whose every request goes to one handler that keeps it. */
  async function witness() {
    const seen = new Seen<APIGatewayProxyEventV2>();
    const { url } = await open(() => ({ http: [{ path: '$default', handler: keeping(seen) }] }));
    return { url, seen };
  }

  describe('HTTP requests', () => {
    test('a request is an event in payload format 2.0', async () => {
      const { url, seen } = await witness();
      await fetch(`${url}/api/a%20b/?x=1&y=%C3%B6&x=2`, {
        method: 'PUT',
        headers: {
          'User-Agent': 'test',
          Cookie: 'a=1; b=2',
          'Content-Type': 'application/json; charset=utf-8',
          'X-Forwarded-Host': 'evil',
        },
        body: '{"ö":1}',
      });
      const host = url.slice('http://'.length);
      const event = await seen.at(0);
      expect(event).toEqual({
        version: '2.0',
        routeKey: '$default',
        rawPath: '/api/a b/',
        rawQueryString: 'x=1&y=%C3%B6&x=2',
        cookies: ['a=1', 'b=2'],
        headers: expect.objectContaining({
          host,
          'user-agent': 'test',
          'x-forwarded-host': host,
          'x-forwarded-proto': 'http',
          'x-forwarded-for': '127.0.0.1',
        }),
        queryStringParameters: { x: '1,2', y: 'ö' },
        requestContext: {
          accountId: 'anonymous',
          apiId: 'local',
          domainName: host,
          domainPrefix: '127',
          http: {
            method: 'PUT',
            path: '/api/a b/',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test',
          },
          requestId: expect.any(String),
          routeKey: '$default',
          stage: '$default',
          time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}(:\d\d){3} \+0000$/),
          timeEpoch: expect.any(Number),
        },
        body: '{"ö":1}',
        isBase64Encoded: false,
      });
      expect(event.headers).not.toHaveProperty('cookie');
    });

    test('query, cookies and body are absent when there are none', async () => {
      const { url, seen } = await witness();
      await fetch(url);
      const event = await seen.at(0);
      for (const field of ['queryStringParameters', 'cookies', 'body', 'pathParameters']) {
        expect(event).not.toHaveProperty(field);
      }
      expect(event).toMatchObject({ rawPath: '/', rawQueryString: '', isBase64Encoded: false });
    });

    test('repeated headers are joined by commas', async () => {
      const { url, seen } = await witness();
      await new Promise<void>((resolve, reject) => {
        const request = httpRequest(url, { headers: { 'X-Many': ['1', '2'] } }, (response) => {
          response.resume().once('end', resolve);
        });
        request.once('error', reject).end();
      });
      expect((await seen.at(0)).headers['x-many']).toBe('1,2');
    });

    test.each([
      ['text/plain', false],
      ['application/json', false],
      ['application/problem+json', false],
      ['application/xml', false],
      ['application/javascript', false],
      ['Application/JSON; charset=utf-8', false],
      ['application/octet-stream', true],
      ['application/x-www-form-urlencoded', true],
      ['multipart/form-data; boundary=x', true],
    ])('a body of %s comes in base64: %s', async (type, isBase64Encoded) => {
      const { url, seen } = await witness();
      const body = Buffer.from('a=ö');
      await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
      const event = await seen.at(0);
      expect(event.isBase64Encoded).toBe(isBase64Encoded);
      expect(event.body).toBe(isBase64Encoded ? body.toString('base64') : 'a=ö');
    });

    test.each([
      ['GET', '/api/rooms/', 'GET /api/rooms/', undefined],
      ['POST', '/api/rooms/', '$default', undefined],
      ['GET', '/api/rooms', '$default', undefined],
      ['GET', '/api/rooms/l%C3%B6bby/', 'ANY /api/rooms/{room}/', { room: 'löbby' }],
      ['GET', '/api/rooms//', '$default', undefined],
      ['GET', '/docs/a/b/', 'ANY /docs/{proxy+}', { proxy: 'a/b/' }],
      ['GET', '/docs/', '$default', undefined],
    ])('%s %s is taken by %s', async (method, path, routeKey, pathParameters) => {
      const seen = new Seen<APIGatewayProxyEventV2>();
      const handler = keeping(seen);
      const http: HttpRoute[] = [
        { method: 'GET', path: '/api/rooms/', handler },
        { path: '/api/rooms/{room}/', handler },
        { path: '/docs/{proxy+}', handler },
        { path: '$default', handler },
      ];
      const { url } = await open(() => ({ http }));
      await fetch(url + path, { method });
      const event = await seen.at(0);
      expect(event.routeKey).toBe(routeKey);
      expect(event.pathParameters).toEqual(pathParameters);
    });

    test('what no route takes is 404', async () => {
      const { url } = await open(() => ({}));
      const response = await fetch(`${url}/nowhere`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ message: 'Not Found' });
    });

    test('a path that cannot be decoded is 400', async () => {
      const { url, seen } = await witness();
      expect((await fetch(`${url}/%C3`)).status).toBe(400);
      expect(seen.all).toEqual([]);
    });

    test('a body over 10 MB is 413, one of 10 MB is taken', async () => {
      const { url, seen } = await witness();
      const post = (bytes: number) => fetch(url, { method: 'POST', body: new Uint8Array(bytes) });
      expect((await post(10 * 1024 * 1024)).status).toBe(200);
      const refused = await post(10 * 1024 * 1024 + 1);
      expect(refused.status).toBe(413);
      expect(await refused.json()).toEqual({ message: 'Request Entity Too Large' });
      expect(seen.all).toHaveLength(1);
    });

    test('a client that leaves in the middle of its request is no failure', async () => {
      const seen = new Seen<APIGatewayProxyEventV2>();
      const { url, logged } = await open(() => ({
        http: [{ path: '$default', handler: keeping(seen) }],
      }));
      const tcp = connect(Number(new URL(url).port), '127.0.0.1');
      tcp.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsome');
      await new Promise<void>((resolve) => tcp.once('connect', resolve));
      tcp.resetAndDestroy();
      expect((await fetch(url)).status).toBe(200);
      expect(seen.all).toHaveLength(1);
      expect(logged).toEqual([]);
    });
  });
}
