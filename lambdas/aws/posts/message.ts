import { PostFailure, type PostRequest } from './post.ts';

/** RFC 9110, section 5.6.2, in lower case alone. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** RFC 9110, section 5.5, without what is obsolete. */
const VALUE = /^[\t\x20-\x7e]*$/;
const PATH = /^[\x21-\x7e]+$/;
/** What tells where a message ends is ours to say. */
const OURS = new Set(['content-length', 'transfer-encoding', 'connection', 'upgrade', 'expect']);

/**
 * Writes POST requests as they go over the wire.
 *
 * A fan-out sends the same token, host and body thousands of times within a second: what was looked
 * at before is not looked at again.
 */
export function messageWriter(host: string): (request: PostRequest) => string {
  const seen = new Map<string, string>();
  let lastBody: string | undefined;
  let lastLength = 0;

  function check(name: string, value: string): void {
    if (seen.get(name) === value) return;
    if (!NAME.test(name) || !VALUE.test(value) || OURS.has(name)) {
      throw new PostFailure('POST_UNFIT', `The header ${JSON.stringify(name)} can't be sent.`);
    }
    if (seen.size < 100) seen.set(name, value);
  }

  return ({ path, headers, body }) => {
    if (!PATH.test(path)) throw new PostFailure('POST_UNFIT', "The path can't be sent.");
    let message = `POST ${path} HTTP/1.1\r\n`;
    let named = false;
    for (const name in headers) {
      const value = headers[name];
      if (value === undefined) continue;
      check(name, value);
      named ||= name === 'host';
      message += `${name}: ${value}\r\n`;
    }
    if (!named) message += `host: ${host}\r\n`;
    if (body !== lastBody) {
      lastBody = body;
      lastLength = Buffer.byteLength(body);
    }
    return `${message}content-length: ${lastLength}\r\n\r\n${body}`;
  };
}
