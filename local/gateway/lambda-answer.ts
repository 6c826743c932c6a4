import { checkHeaders, type RawAnswer } from './raw-answer.ts';

/**
 * Reads what a Lambda answers a proxy integration with: `{statusCode, headers, cookies, body,
 * isBase64Encoded}`, all but the status optional.
 *
 * @throws TypeError for an answer that API Gateway calls malformed
 */
export function structuredAnswer(answer: unknown): RawAnswer {
  if (!isRecord(answer)) throw new TypeError('The answer is no object.');
  const status = answer.statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new TypeError('The answer has no statusCode that is a whole number from 200 to 599.');
  }
  const headers = { ...headersOf(answer.headers), ...cookiesOf(answer.cookies) };
  checkHeaders(headers);
  const body = answer.body ?? '';
  if (typeof body !== 'string') throw new TypeError('The body of the answer is no string.');
  return {
    status,
    headers,
    body: answer.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function headersOf(given: unknown): Record<string, string> {
  if (given === undefined || given === null) return {};
  if (!isRecord(given)) throw new TypeError('The headers of the answer are no object.');
  // Node would send two headers for names that differ in case only; the last one counts.
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || typeof value === 'object') {
      throw new TypeError(`The header ${name} of the answer is neither text nor number.`);
    }
    headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

function cookiesOf(given: unknown): Record<string, string[]> {
  if (given === undefined || given === null) return {};
  if (!Array.isArray(given) || !given.every((cookie) => typeof cookie === 'string')) {
    throw new TypeError('The cookies of the answer are no list of strings.');
  }
  return given.length > 0 ? { 'set-cookie': given } : {};
}
