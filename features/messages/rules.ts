import type { Admit, Draft } from '../../lambdas/chat/append.ts';
import { isMessage, MESSAGE, type MessagePayload } from '../../lambdas/chat/event.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import { jsonBytes } from '../../lambdas/chat/size.ts';
import { contentProblem } from '../../protocol/content.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { METADATA_BYTES, METADATA_DEPTH } from '../../protocol/limits.ts';

/** What a client gives of a message. */
export interface NewMessage {
  content: string;
  replyTo?: number | undefined;
  metadata?: Record<string, unknown> | undefined;
  kind?: string | undefined;
}

/** A message as a draft, all but where it goes and who says it. */
export interface MessageDraft {
  type: typeof MESSAGE;
  payload: MessagePayload;
}

/**
 * The text of a message, as it is stored: just as it came, or not at all.
 *
 * @throws ParlorError `content_empty`, `content_too_long`, `content_invalid`
 */
export function parseContent(input: string): string {
  const problem = contentProblem(input);
  if (problem) throw new ParlorError(problem.code, problem.message);
  return input;
}

/**
 * What a message says, for the log.
 *
 * @throws ParlorError of `parseContent`, `metadata_too_large`
 */
export function messageOf({ content, replyTo, metadata, kind }: NewMessage): MessageDraft {
  if (metadata) checkMetadata(metadata);
  const payload = {
    content: parseContent(content),
    ...(replyTo !== undefined && { replyTo }),
    ...(metadata !== undefined && { metadata }),
    ...(kind !== undefined && { kind }),
  };
  return { type: MESSAGE, payload };
}

function checkMetadata(metadata: object): void {
  // Depth first: at some depth the size can't be measured.
  if (isWithin(metadata, METADATA_DEPTH) && jsonBytes(metadata) <= METADATA_BYTES) return;
  throw new ParlorError(
    'metadata_too_large',
    `"metadata" has more than ${METADATA_BYTES} bytes as JSON, or more than ${METADATA_DEPTH} levels. Keep the rest elsewhere, and send a key to it.`,
  );
}

const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((part) => isWithin(part, levels - 1)));

/**
 * @returns what a message has to pass before it is stored; undefined where that is nothing. A reply
 *   takes one read more: of the message that it answers.
 */
export function admissionOf(
  { log }: { log: EventLog },
  { room, payload: { replyTo } }: Pick<Draft, 'room'> & MessageDraft,
): Admit | undefined {
  if (replyTo === undefined) return undefined;
  return async () => {
    const [answered] = await log.readBackward(room, replyTo + 1, 1);
    if (answered && answered.seq === replyTo && isMessage(answered)) return;
    throw new ParlorError(
      'reply_not_found',
      `No message with the seq ${replyTo} is kept in this room. Send yours without "replyTo", or with another seq.`,
      { room },
    );
  };
}
