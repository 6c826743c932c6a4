import { ParlorError } from '../../../protocol/errors.ts';
import { REST_BODY_BYTES } from '../../../protocol/limits.ts';
import type { HttpEvent } from './events.ts';

/**
 * The body of a request as a plain value: JSON, or a form's fields as strings.
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
  if (mediaType === 'application/json') return readJson(bytes);
  if (['application/x-www-form-urlencoded', 'multipart/form-data'].includes(mediaType)) {
    return await readForm(bytes, contentType);
  }
  throw new ParlorError(
    'unsupported_media_type',
    `Unsupported media type "${mediaType}" in request. Send application/json.`,
  );
}

function readJson(bytes: Buffer): unknown {
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // The parser's own words would repeat a piece of the body, which may be a password.
    throw new ParlorError('malformed_json', 'JSON parse error: the body is not valid JSON.');
  }
}

/** Node's own fetch classes parse both kinds of forms. */
async function readForm(bytes: Buffer, contentType: string): Promise<unknown> {
  try {
    const response = new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    });
    const entries = [...(await response.formData())];
    return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
  } catch {
    throw new ParlorError('malformed_json', 'The form could not be read. Check its boundary.');
  }
}
