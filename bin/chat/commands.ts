import { isBlank } from '../../protocol/blank.ts';
import { mendedContent } from '../../protocol/content.ts';

export const HELP = `What you write is sent, but for
  /room NAME   go to another room
  /rooms       your rooms, with what is new in them
  /history     older messages
  /retry       send again what failed
  /drop        give up what failed
  /help        this
  /quit        leave (Ctrl-C and Ctrl-D do the same)
Tab completes commands and rooms. A message that begins with a slash is written with two. What is
pasted is one message: ␤ stands for its line breaks, until Enter sends it.`;

export type Said =
  | { say: string }
  | { command: (typeof COMMANDS)[number] }
  | { command: 'room'; name: string }
  | { problem: string }
  | 'nothing';

export const COMMANDS = ['help', 'quit', 'history', 'retry', 'drop', 'rooms'] as const;

/** What somebody means by a line; control characters, which he can't have seen, are mended. */
export function parseLine(typed: string): Said {
  const line = mendedContent(typed);
  if (isBlank(line)) return 'nothing';
  // Pasted: a path or a comment that begins a text is no command.
  if (line.includes('\n')) return { say: line };
  if (line.startsWith('//')) return { say: line.slice(1) };
  if (!line.startsWith('/')) return { say: line };
  const [name = '', ...words] = line.slice(1).trim().split(/\s+/);
  const command = COMMANDS.find((each) => each === name);
  if (command) return { command };
  const [room] = words;
  if (name === 'room' && room) return { command: 'room', name: room };
  if (name === 'room') return { problem: 'Which room? /room NAME' };
  return { problem: `There is no /${name}. /help tells what there is; /${line} says it.` };
}
