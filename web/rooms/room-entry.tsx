import { memo } from 'react';
import type { Message } from '../../client/index.ts';
import { Link } from '../app/link.tsx';
import { pathOfRoom } from '../app/places.ts';
import { useNow } from '../app/use-now.ts';
import { briefTime } from '../room/times.ts';
import { badge } from './summary.ts';

interface RoomEntryProps {
  name: string;
  last: Message | undefined;
  /** Whether the last message is one's own. */
  own: boolean;
  unread: number;
  /** One's own first words wait to be sent. */
  waiting: boolean;
  open: boolean;
}

/** A line of the list: a lamp that is lit while something is unread, the name, the last words. */
export const RoomEntry = memo(function RoomEntry({
  name,
  last,
  own,
  unread,
  waiting,
  open,
}: RoomEntryProps) {
  return (
    <li>
      <Link
        className="room-entry"
        href={pathOfRoom(name)}
        aria-current={open ? 'page' : undefined}
        data-unread={unread > 0 || undefined}
      >
        <span className="lamp" data-lit={unread > 0 ? 'on' : 'off'} />
        <bdi className="room-entry-name" translate="no">
          {name}
        </bdi>
        {last && <EntryTime timestamp={last.timestamp} />}
        <LastWords last={last} own={own} waiting={waiting} />
        {unread > 0 && (
          <span className="badge">
            <span>{badge(unread)}</span>
            <span className="visually-hidden"> unread</span>
          </span>
        )}
      </Link>
    </li>
  );
});

function EntryTime({ timestamp }: { timestamp: string }) {
  return (
    <time className="room-entry-time" dateTime={timestamp}>
      {useNow((now) => briefTime(Date.parse(timestamp), now))}
    </time>
  );
}

function LastWords({ last, own, waiting }: Pick<RoomEntryProps, 'last' | 'own' | 'waiting'>) {
  // Where nobody ever spoke, the room is not in the list.
  if (!last) {
    return (
      <span className="room-entry-last">
        <span>{waiting ? 'Not sent yet' : 'What was said here has expired'}</span>
      </span>
    );
  }
  return (
    <span className="room-entry-last">
      <span>
        {own ? <span>You</span> : <bdi translate="no">{last.sender}</bdi>}
        <span>: </span>
      </span>
      <bdi>{last.content.slice(0, 140)}</bdi>
    </span>
  );
}
