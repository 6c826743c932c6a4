import type { Place } from '../app/places.ts';

interface InvitationProps {
  isNew: boolean;
  /** Whether somebody was logged in until now, and did not log out in this tab. */
  lapsed: boolean;
  /** Where one will be then. */
  place: Place;
}

/** Says in a sentence why one is asked to sign in, and what for. */
export function Invitation({ isNew, lapsed, place }: InvitationProps) {
  const [before, after] = sentence(isNew, lapsed, place.page === 'room');
  return (
    <>
      <span>{before}</span>
      {place.page === 'room' && <bdi translate="no">{place.room}</bdi>}
      <span>{after}</span>
    </>
  );
}

/** What stands before and after the room's name, or without one. */
function sentence(isNew: boolean, lapsed: boolean, toRoom: boolean): [string, string] {
  if (isNew) {
    return [`Take a name, and you are in${toRoom ? ' ' : ''}`, '. No email needed.'];
  }
  if (!lapsed) return [`Log in with your name${toRoom ? ' to go to ' : ''}`, '.'];
  return [
    `You were logged out: in another tab, or after a long time away. Log in to go on${toRoom ? ' in ' : ''}`,
    '.',
  ];
}
