import type { Draft } from '../../lambdas/chat/append.ts';
import { MESSAGE, type MessagePayload } from '../../lambdas/chat/event.ts';
import { contentProblem } from '../../protocol/content.ts';
import { ParlorError } from '../../protocol/errors.ts';

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
 * What a message is in the log.
 *
 * @throws ParlorError of `parseContent`
 */
export const messageOf = ({
  content,
}: {
  content: string;
}): Pick<Draft, 'type' | 'payload'> & {
  payload: MessagePayload;
} => ({ type: MESSAGE, payload: { content: parseContent(content) } });
