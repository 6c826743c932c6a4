import type { Login } from '../../client/login.ts';
import { signUp } from '../e2e/chat-client.ts';

export type { Login };

/** Makes an account without the page's form, which takes longer. */
export async function newLogin(url: string, username: string): Promise<Login> {
  return { username, ...(await signUp(url, username)), receivedAt: Date.now() };
}
