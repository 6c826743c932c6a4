import { useEffect } from 'react';
import { badge, unreadOf } from '../rooms/summary.ts';
import { nameOf, type Place } from './places.ts';
import { useRoomList, useSignedIn } from './signed-in-context.ts';

/** The tab's title: where one is, and how much is unread anywhere. */
export function PageTitle({ place }: { place: Place }) {
  const { username } = useSignedIn();
  const { rooms, loaded } = useRoomList();
  const unread = rooms.reduce((sum, room) => sum + unreadOf(room, username), 0);
  const title = `${loaded && unread > 0 ? `(${badge(unread)}) ` : ''}${nameOf(place)} · Parlor`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}
