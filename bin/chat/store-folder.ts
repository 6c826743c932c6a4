import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where what is not sent yet is kept, apart for each chat and person: below $XDG_STATE_HOME, or
 * ~/.local/state. A hash, for usernames may be `..`, and longer than names of folders.
 */
export function storeFolder(url: string, username: string): string {
  // A relative path there is to be ignored, says the XDG specification.
  const told = process.env.XDG_STATE_HOME ?? '';
  const state = isAbsolute(told) ? told : join(homedir(), '.local', 'state');
  const key = JSON.stringify([new URL(url).origin, username]);
  return join(state, 'parlor', createHash('sha256').update(key).digest('hex').slice(0, 32));
}
