import type { Credentials } from '../lambdas/chat/accounts.ts';
import { openPrompt } from './prompt.ts';

/**
 * Asks for what is not known.
 *
 * @param isNew whether the password is chosen now: then it is asked for twice
 * @throws Error when the two differ, or the input ends before the last answer
 */
export async function askCredentials(
  known: Partial<Credentials>,
  isNew: boolean,
): Promise<Credentials> {
  const { username, password } = known;
  if (username !== undefined && password !== undefined) return { username, password };
  const prompt = openPrompt();
  try {
    const name = username ?? (await prompt.ask('Username: '));
    if (password !== undefined) return { username: name, password };
    const first = await prompt.askHidden('Password: ');
    if (isNew && (await prompt.askHidden('Password (again): ')) !== first) {
      throw new Error("The passwords didn't match. Try again.");
    }
    return { username: name, password: first };
  } finally {
    prompt.close();
  }
}
