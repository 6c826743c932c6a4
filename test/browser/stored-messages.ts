import { call } from '../e2e/chat-client.ts';
import type { Login } from './logins.ts';

interface NewestFirst {
  results: { content: string }[];
}

/** What the newest messages of a room say as the server has stored them, oldest first. */
export async function storedIn(url: string, room: string, { access }: Login): Promise<string[]> {
  const path = `/api/rooms/${encodeURIComponent(room)}/messages/?limit=200`;
  const [status, page] = await call(url, access, 'GET', path);
  if (status !== 200) throw new Error(`The history of ${room} was answered with ${status}.`);
  return (page as unknown as NewestFirst).results.map(({ content }) => content).reverse();
}
