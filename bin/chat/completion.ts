import { COMMANDS } from './commands.ts';

const SLASHED = [...COMMANDS, 'room '].map((name) => `/${name}`).sort();

/** What a line may go on with, and the part of it that each of these replaces, as readline asks. */
export type Completion = [candidates: string[], replaced: string];

/**
 * Completes commands, and the name of a room after `/room`.
 *
 * @param line up to the cursor
 */
export function complete(line: string, rooms: Iterable<string>): Completion {
  const [, name] = /^\/room +(\S*)$/.exec(line) ?? [];
  if (name === undefined)
    return [SLASHED.filter((each) => line !== '' && each.startsWith(line)), line];
  const wanted = name.toLowerCase();
  const names = [...new Set(rooms)].filter((room) => room.toLowerCase().startsWith(wanted));
  return [names.sort(), name];
}
