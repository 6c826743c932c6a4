import { ParlorError } from '../../../protocol/errors.ts';
import { REST_BODY_BYTES } from '../../../protocol/limits.ts';
import { decodeUtf8 } from '../utf8.ts';
import type { HttpEvent } from './events.ts';

/**
 * The body of a request as a plain value: JSON, or a form's fields as strings. All of it is UTF-8.
 *
 * @throws ParlorError `body_too_large`, `malformed_json`, `unsupported_media_type`
 */
export async function readBody(event: HttpEvent): Promise<unknown> {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.byteLength > REST_BODY_BYTES) {
    throw new ParlorError('body_too_large', `The body may have ${REST_BODY_BYTES} bytes at most.`);
  }
  const contentType = event.headers['content-type'] ?? 'application/json';
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/json') return readJson(textOf(bytes));
  if (['application/x-www-form-urlencoded', 'multipart/form-data'].includes(mediaType)) {
    return await readForm(bytes, contentType);
  }
  throw new ParlorError(
    'unsupported_media_type',
    `Unsupported media type "${mediaType}" in request. Send application/json.`,
  );
}

function textOf(bytes: Buffer): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new ParlorError('malformed_json', 'The body is not UTF-8. Send it as UTF-8.');
}

function readJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would repeat a piece of the body, which may be a password.
    throw new ParlorError('malformed_json', 'JSON parse error: the body is not valid JSON.');
  }
}

/** Node's own fetch classes parse both kinds of forms. */
async function readForm(bytes: Buffer, contentType: string): Promise<unknown> {
  const text = textOf(bytes);
  try {
    const response = new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    });
    const entries = [...(await response.formData())];
    const fields = entries.filter(([, value]) => typeof value === 'string');
    if (holdsLost(fields) && !SAYS_LOST.test(text))
      throw new Error('It is percent-encoded in another charset.');
    return Object.fromEntries(fields);
  } catch {
    throw new ParlorError(
      'malformed_json',
      'The form could not be read. Check its boundary, and that it is UTF-8.',
    );
  }
}

/** What stands for bytes that are no UTF-8, by itself and percent-encoded. */
const LOST = '\uFFFD';
const SAYS_LOST = /\uFFFD|%EF%BF%BD/i;

const holdsLost = (fields: [string, unknown][]) =>
  fields.some((field) => field.some((text) => String(text).includes(LOST)));
