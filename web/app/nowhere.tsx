import { Link } from './link.tsx';

/** For an address that leads nowhere. */
export function Nowhere() {
  return (
    <section className="nowhere">
      <h1>No such room</h1>
      <p>A room’s name has 1 to 100 letters, digits, “_” and “-”. Is the address complete?</p>
      <Link className="button" href="/">
        To your rooms
      </Link>
    </section>
  );
}
