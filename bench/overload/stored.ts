import { setTimeout as sleep } from 'node:timers/promises';
import { PAGE_MAX } from '../../protocol/limits.ts';
import type { LocalChat } from '../local-chat.ts';

/** So often a page is asked for that a busy server has refused. */
const TRIES = 10;

interface Page {
  next: string | null;
  results: { seq: number; clientId: string }[];
}

/**
 * How often each clientId stands in a room's log.
 *
 * @throws Error when the server won't answer
 */
export async function storedIn(
  chat: LocalChat,
  user: string,
  room: string,
): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (let after = 0; ; ) {
    const path = `/api/rooms/${room}/events/?after=${after}&limit=${PAGE_MAX}`;
    const page = await read(chat, user, chat.url + path);
    for (const { seq, clientId } of page.results) {
      times.set(clientId, (times.get(clientId) ?? 0) + 1);
      after = seq;
    }
    if (page.next === null) return times;
  }
}

async function read(chat: LocalChat, user: string, url: string): Promise<Page> {
  for (let tries = 1; ; tries++) {
    const authorization = `Bearer ${await chat.token(user)}`;
    const response = await fetch(url, { headers: { authorization } });
    if (response.ok) return (await response.json()) as Page;
    const said = await response.text();
    if (tries === TRIES) throw new Error(`${url} answers ${response.status}: ${said}`);
    await sleep(1_000);
  }
}
