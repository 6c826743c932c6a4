import type { Parlor } from '../../client/index.ts';

/** So many pages of so many rooms. */
const PAGES = 5;
const PAGE = 100;

/** One of the user's rooms. */
export interface ListedRoom {
  name: string;
  /** How many messages are newer than the last that was read. */
  unread: number;
}

interface Page {
  results: { room: string; read: number; head: number }[];
  next: string | null;
}

/** The user's rooms, the one he was in last first. @throws ParlorClientError */
export async function readRooms(client: Parlor): Promise<ListedRoom[]> {
  const rooms: ListedRoom[] = [];
  let path: string | undefined = `/api/rooms/?limit=${PAGE}`;
  for (let page = 0; path !== undefined && page < PAGES; page++) {
    const { results, next }: Page = await client.rest.get<Page>(path);
    for (const { room, read, head } of results) rooms.push({ name: room, unread: head - read });
    // Whole, with the server's idea of its own address.
    path = next === null ? undefined : next.replace(/^https?:\/\/[^/]*/, '');
  }
  return rooms;
}
