import type { Room, RoomStatus } from '../../client/index.ts';
import { BackIcon, LeaveIcon } from '../app/icons.tsx';
import { Link } from '../app/link.tsx';
import { navigate } from '../app/router.ts';
import { useSignedIn } from '../app/signed-in-context.ts';
import { useLasting } from '../app/use-lasting.ts';
import { CopyLink } from './copy-link.tsx';

/** While it lasts longer than this, it is said that messages are still being read. */
const PATIENCE_MS = 800;

/** The room's name, its address to hand on, and the way out. */
export function RoomHeader({ room, status }: { room: Room; status: RoomStatus }) {
  const { rooms } = useSignedIn();
  const catchingUp = useLasting(status === 'joining' || status === 'catching-up', PATIENCE_MS);
  const leave = () => {
    navigate('/');
    // If it could not be taken off the list, it is still there to be seen.
    rooms.remove(room.name).catch(() => {});
  };
  return (
    <header className="room-header">
      <Link className="icon-button back" href="/" aria-label="Back to your rooms">
        <BackIcon />
      </Link>
      <h1>
        <bdi>{room.name}</bdi>
      </h1>
      <p className="room-status" role="status" aria-label="Room">
        {catchingUp && 'Catching up…'}
      </p>
      <CopyLink room={room.name} />
      <button
        type="button"
        className="icon-button"
        aria-label="Leave room"
        title="Leave room: takes it off your list"
        onClick={leave}
      >
        <LeaveIcon />
      </button>
    </header>
  );
}
