import type { z } from 'zod/mini';
import { parseRoomName } from '../protocol/names.ts';
import type { RoomPage } from '../protocol/rest-bodies.ts';
import { element, find, show } from './page.ts';
import { get } from './session.ts';

export const roomAddress = (room: string): string => `/room/${encodeURIComponent(room)}`;

/** Asks for a room, and lists those that one has been in. */
export async function lobby(): Promise<void> {
  const view = show('lobby');
  const form = find(view, 'form', HTMLFormElement);
  const input = find(form, 'input', HTMLInputElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    try {
      location.assign(roomAddress(parseRoomName(input.value.trim())));
    } catch (error) {
      find(form, '.problem', HTMLElement).textContent = String(Object(error).message);
    }
  });
  input.focus();

  const { results } = await get<z.infer<typeof RoomPage>>('/api/rooms/');
  find(view, 'h2', HTMLElement).hidden = results.length === 0;
  find(view, '.rooms', HTMLElement).append(
    ...results.map(({ room, lastVisit }) => {
      const link = element('a', '', room);
      link.href = roomAddress(room);
      const time = element('time', '', new Date(lastVisit).toLocaleDateString());
      time.dateTime = lastVisit;
      return element('li', '', link, ' ', time);
    }),
  );
}
