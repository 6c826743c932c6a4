import type { Message } from '../../../client/index.ts';

/** The beginning of a message that others answer. `gone`: the room does not have it any more. */
export type Quoted =
  | 'gone'
  | {
      readonly sender: string;
      /** In one line; undefined where the message was deleted. */
      readonly text: string | undefined;
    };

/** Characters of it that are kept: more than any line shows. */
const LENGTH = 160;

export function quotedOf({ sender, content, deleted }: Message): Quoted {
  if (deleted) return { sender, text: undefined };
  // No more than is needed is looked at: a message may have thousands of lines.
  const line = content
    .slice(0, 20 * LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(line);
  const cut = characters.length > LENGTH ? `${characters.slice(0, LENGTH).join('')}…` : line;
  return { sender, text: cut };
}

/** The message with a seq among messages by rising seq. */
export function findMessage(messages: readonly Message[], seq: number): Message | undefined {
  let [from, to] = [0, messages.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const found = messages[middle];
    if (!found || found.seq === seq) return found;
    if (found.seq < seq) from = middle + 1;
    else to = middle;
  }
  return undefined;
}
