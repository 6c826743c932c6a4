import { SearchIcon } from '../app/icons.tsx';
import { Link } from '../app/link.tsx';
import { LogOut } from '../app/log-out.tsx';
import { useRoomList, useSignedIn } from '../app/signed-in-context.ts';
import { ThemeSwitch } from '../app/theme-switch.tsx';
import { RoomEntry } from './room-entry.tsx';
import { isSame, unreadOf } from './summary.ts';

/** Cmd on Apple's keyboards. */
const MODIFIER = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl ';

/**
 * The wall with one's rooms.
 *
 * @param open the room that is on the screen
 */
export function RoomsPane({ open }: { open: string | undefined }) {
  const { username, goToRoom, rooms: list } = useSignedIn();
  const { rooms, loaded, failed } = useRoomList();
  return (
    <div className="wall rooms-pane">
      <header className="rooms-head">
        <div className="rooms-top">
          <Link className="wordmark" href="/">
            Parlor
          </Link>
          <ThemeSwitch />
        </div>
        <button
          type="button"
          className="wall-button"
          onClick={goToRoom}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <SearchIcon />
          <span>Go to room</span>
          <span className="keys" aria-hidden="true">
            {`${MODIFIER}K`}
          </span>
        </button>
      </header>
      <nav className="rooms-nav" aria-label="Rooms">
        {loaded && rooms.length === 0 && <p className="rooms-none">No rooms yet.</p>}
        {failed && !loaded && (
          <p className="rooms-none" role="alert">
            <span>Your rooms could not be loaded.</span>
            <button type="button" className="wall-quiet" onClick={() => void list.load()}>
              Try again
            </button>
          </p>
        )}
        <ul>
          {rooms.map((room) => (
            <RoomEntry
              key={room.name}
              name={room.name}
              last={room.lastMessage}
              own={room.lastMessage !== undefined && isSame(room.lastMessage.sender, username)}
              unread={room.name === open ? 0 : unreadOf(room, username)}
              waiting={room.waiting === true}
              open={room.name === open}
            />
          ))}
        </ul>
      </nav>
      <footer className="rooms-foot">
        <p className="me" title={username}>
          <span className="visually-hidden">You are </span>
          <bdi translate="no">{username}</bdi>
        </p>
        <LogOut />
      </footer>
    </div>
  );
}
