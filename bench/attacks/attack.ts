import type { LocalChat } from '../local-chat.ts';

/** What somebody does to a chat so that others are not served. */
export interface Attack {
  /** Who does what, as part of a sentence. */
  name: string;
  /** What has to be there before, if anything. */
  prepare?(chat: LocalChat): Promise<void>;
  /** Goes on until a moment of performance.now(). */
  run(chat: LocalChat, end: number): Promise<Outcome>;
}

/** What came of it for the one who did it. */
export interface Outcome {
  did: string;
  wanted: string;
  met: boolean;
}

/** Another network for each request: the chat is told to believe it. */
export const fromAnywhere = (): Record<string, string> => ({
  'x-forwarded-for': Array.from({ length: 4 }, () => 1 + Math.floor(Math.random() * 200)).join('.'),
});

/** Does something over and over, so many at once, until a moment; counts the statuses. */
export async function hammer(
  atOnce: number,
  end: number,
  request: () => Promise<number>,
): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  const one = async () => {
    while (performance.now() < end) {
      const status = await request();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return statuses;
}

export const inWords = (statuses: ReadonlyMap<number, number>): string =>
  [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${count} times ${status}`)
    .join(', ');

/** Whether none of these is a fault of the server's. 503 says that it is busy. */
export const noneFailed = (statuses: ReadonlyMap<number, number>): boolean =>
  [...statuses.keys()].every((status) => status < 500 || status === 503);
