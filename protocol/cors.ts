/**
 * What pages of other origins may do with the REST API, where their origin is allowed. API Gateway
 * answers a browser's questions by this, and the local gateway does as it does.
 */
export const CORS = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  /** Of requests; those that every page may send are not named. */
  requestHeaders: ['authorization', 'content-type', 'idempotency-key'],
  /** Of answers, beside those that every page may read. */
  answerHeaders: ['allow', 'link', 'retry-after', 'x-error-code'],
  /** Seconds for which a browser need not ask again. */
  maxAge: 2 * 60 * 60,
} as const;
