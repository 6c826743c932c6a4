import type { RoomState } from '../../client/index.ts';
import { WarningIcon } from '../app/icons.tsx';
import { Link } from '../app/link.tsx';

interface RefusedProps {
  error: RoomState['error'];
  name: string;
}

/** Stands where one would write, in a room that one may not be in. */
export function Refused({ error, name }: RefusedProps) {
  return (
    <div className="refused" role="alert">
      <WarningIcon />
      <p>
        <Reason error={error} name={name} />
      </p>
      <Link className="button" data-kind="second" href="/">
        To your rooms
      </Link>
    </div>
  );
}

function Reason({ error, name }: RefusedProps) {
  if (error?.code === 'removed_from_room') {
    return (
      <>
        <span>You were removed from </span>
        <bdi translate="no">{name}</bdi>
        <span>: you can’t write here, nor see what is new.</span>
      </>
    );
  }
  // Why it has ended, ConnectionNotice tells.
  const ended = error?.code === 'closed';
  return <span>{ended ? 'You can’t go in: the connection has ended.' : error?.message}</span>;
}
