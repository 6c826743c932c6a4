/**
 * What pages of other origins may do with the REST API, where their origin is allowed. API Gateway
 * answers a browser's questions by this, and the local gateway does as it does.
 */
export const CORS = {
  /** Those of the operations, and HEAD. */
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  /**
   * Of requests. A browser refuses a whole call for one header that is not named, so these are what
   * pages send by themselves, though most are read by nobody: what django-cors-headers allowed the
   * old clients, and what tracing and caching libraries add.
   */
  requestHeaders: [
    'accept',
    'authorization',
    'baggage',
    'cache-control',
    'content-type',
    'idempotency-key',
    'pragma',
    'sentry-trace',
    'traceparent',
    'tracestate',
    'user-agent',
    'x-csrftoken',
    'x-requested-with',
  ],
  /** Of answers, beside those that every page may read. */
  answerHeaders: ['allow', 'link', 'retry-after', 'x-error-code'],
  /** Seconds for which a browser need not ask again. */
  maxAge: 2 * 60 * 60,
} as const;
