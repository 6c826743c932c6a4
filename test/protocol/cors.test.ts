import { describe, expect, test } from '@jest/globals';
import { CORS } from '../../protocol/cors.ts';
import { operations } from '../../protocol/rest.ts';

describe('a page of an allowed origin', () => {
  test('may use the methods that an operation has, and no other', () => {
    const used = Object.values(operations).map(({ method }) => method);
    expect([...CORS.methods].sort()).toEqual([...new Set([...used, 'HEAD'])].sort());
  });

  test('may send what old clients, tracing and caching libraries send by themselves', () => {
    expect(CORS.requestHeaders).toEqual(
      expect.arrayContaining([
        // django-cors-headers' own list, as far as browsers don't set it themselves
        'accept',
        'authorization',
        'content-type',
        'user-agent',
        'x-csrftoken',
        'x-requested-with',
        // axios and fetch with `cache: 'no-cache'`
        'cache-control',
        'pragma',
        // Sentry, OpenTelemetry
        'sentry-trace',
        'baggage',
        'traceparent',
        'tracestate',
      ]),
    );
  });

  test('may send each header that an operation reads', () => {
    const read = Object.values(operations).flatMap((operation) =>
      'headers' in operation ? Object.keys(operation.headers.shape) : [],
    );
    expect(read).toContain('idempotency-key');
    expect(CORS.requestHeaders).toEqual(expect.arrayContaining(read));
  });

  test('may read what answers and errors say in headers', () => {
    expect(CORS.answerHeaders).toEqual(
      expect.arrayContaining(['allow', 'link', 'retry-after', 'x-error-code']),
    );
  });
});
