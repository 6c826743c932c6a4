import type { Room, RoomStatus } from '../../client/index.ts';
import { BackIcon } from '../app/icons.tsx';
import { Link } from '../app/link.tsx';
import { useLasting } from '../app/use-lasting.ts';
import { CopyLink } from './copy-link.tsx';
import { LeaveRoom } from './leave-room.tsx';

/** While it lasts longer than this, it is said that messages are still being read. */
const PATIENCE_MS = 800;

/** The room's name, its address to hand on, and, at the other end, the way out. */
export function RoomHeader({ room, status }: { room: Room; status: RoomStatus }) {
  const catchingUp = useLasting(status === 'joining' || status === 'catching-up', PATIENCE_MS);
  return (
    <header className="room-header">
      <Link className="icon-button back" href="/" aria-label="Back to your rooms">
        <BackIcon />
      </Link>
      <h1>
        <bdi translate="no">{room.name}</bdi>
      </h1>
      <CopyLink room={room.name} />
      <p className="room-status" role="status" aria-label="Room">
        {catchingUp && 'Catching up…'}
      </p>
      <LeaveRoom name={room.name} />
    </header>
  );
}
