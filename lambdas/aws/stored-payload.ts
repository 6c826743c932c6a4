import type { Payload } from '../chat/event.ts';

/**
 * A payload as items hold it. Its `content` stands beside the envelope, where every version looks for
 * a message's; all else is JSON as a text, which comes back as it was, whatever a table does to numbers
 * and empty texts.
 */
export interface StoredPayload {
  content?: string | undefined;
  payload?: string | undefined;
}

export function toStoredPayload({ content, ...rest }: Payload): StoredPayload {
  if (content !== undefined && typeof content !== 'string') {
    throw new TypeError("A payload's content is a text.");
  }
  return {
    ...(content !== undefined && { content }),
    ...(Object.keys(rest).length > 0 && { payload: JSON.stringify(rest) }),
  };
}

export const fromStoredPayload = ({ content, payload }: StoredPayload): Payload => ({
  ...(content !== undefined && { content }),
  // Written by `toStoredPayload` alone.
  ...(payload !== undefined && (JSON.parse(payload) as Payload)),
});
