import type { Parlor } from '../../client/index.ts';
import { safeText } from './safe-text.ts';

/** A connection that is back within so many milliseconds was never away. */
const PATIENCE_MS = 1_000;

/**
 * Says when there is no connection, and when there is one again: one line each, however often it is
 * tried in between.
 *
 * @param over told when it is over for good, after the reason was said
 */
export function noteConnection(
  client: Parlor,
  say: (text: string) => void,
  over: () => void,
): void {
  let waiting: NodeJS.Timeout | undefined;
  let told = false;

  client.on('error', (error) => say(safeText(error.message)));
  client.on('state', (state) => {
    if (state.status === 'connecting' || state.status === 'offline') {
      waiting ??= setTimeout(() => {
        told = true;
        say('There is no connection. What you write is kept, and sent when there is one.');
      }, PATIENCE_MS);
      return;
    }
    clearTimeout(waiting);
    waiting = undefined;
    if (state.status === 'online' && told) say('Connected again.');
    told = false;
    if (state.status !== 'closed' || !state.error) return;
    say(safeText(state.error.message));
    over();
  });
}
