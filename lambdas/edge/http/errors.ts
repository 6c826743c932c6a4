import type { MiddlewareObj } from '@middy/core';
import { type ErrorCode, ParlorError } from '../../../protocol/errors.ts';
import { type HttpAnswer, type HttpEvent, json } from './events.ts';

/** The header in which every error carries its code, whatever shape its body has. */
const ERROR_CODE_HEADER = 'x-error-code';

/** Errors that the old chat answered with a sentence only; its clients may compare the whole body. */
const BARE: ReadonlySet<ErrorCode> = new Set([
  'authentication_failed',
  'not_authenticated',
  'method_not_allowed',
]);

/** Middleware: an error becomes an answer. What was unexpected says nothing of itself. */
export function errorAnswers(): MiddlewareObj<HttpEvent, HttpAnswer> {
  return {
    onError(request) {
      const { error } = request;
      request.response = errorAnswer(
        error instanceof ParlorError
          ? error
          : new ParlorError('internal', 'Something went wrong on our side. Try again.'),
      );
    },
  };
}

function errorAnswer({ code, message, status, details }: ParlorError): HttpAnswer {
  const { fields, retryAfter, allowed, current } = details;
  const body = { ...(current && { current }), ...details.body };
  return json(status, fields ?? { detail: message, ...(BARE.has(code) ? {} : { code }), ...body }, {
    [ERROR_CODE_HEADER]: code,
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="api"' }),
    ...(allowed !== undefined && { allow: allowed }),
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  });
}
