import { parseRoomName } from '../../protocol/names.ts';
import { openPrompt } from '../prompt.ts';

/** Where everybody comes by. */
export const LOBBY = 'lobby';

/** Asks for a room until it is one; Enter takes the lobby. @throws Error when the input ends */
export async function askRoom(): Promise<string> {
  const prompt = openPrompt();
  try {
    for (;;) {
      const answer = (await prompt.ask(`Room (${LOBBY}): `)).trim();
      try {
        return parseRoomName(answer || LOBBY);
      } catch (error) {
        console.log(error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    prompt.close();
  }
}
