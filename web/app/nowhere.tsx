import { Link } from './link.tsx';
import { ROOM_NAME_RULE } from './places.ts';

/** For an address that leads nowhere. */
export function Nowhere() {
  return (
    <section className="nowhere">
      <h1>No such room</h1>
      <p>{`${ROOM_NAME_RULE} Is the address complete?`}</p>
      <Link className="button" href="/">
        To your rooms
      </Link>
    </section>
  );
}
