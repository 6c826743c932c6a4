import type { RoomState } from '../../client/index.ts';
import { WarningIcon } from '../app/icons.tsx';
import { Link } from '../app/link.tsx';

/** Stands where one would write, in a room that one may not be in. */
export function Refused({ error, name }: { error: RoomState['error']; name: string }) {
  const removed = error?.code === 'removed_from_room';
  return (
    <div className="refused" role="alert">
      <WarningIcon />
      <p>
        {removed ? (
          <>
            You were removed from <bdi>{name}</bdi>: you can’t write here, nor see what is new.
          </>
        ) : (
          error?.message
        )}
      </p>
      <Link className="button" data-kind="second" href="/">
        To your rooms
      </Link>
    </div>
  );
}
