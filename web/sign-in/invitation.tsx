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
  const room = place.page === 'room' ? <bdi>{place.room}</bdi> : undefined;
  if (isNew) return <>Take a name, and you are in{room && <> {room}</>}. No email needed.</>;
  if (!lapsed) return <>Log in with your name{room && <> to go to {room}</>}.</>;
  return (
    <>
      You were logged out: in another tab, or after a long time away. Log in to go on
      {room && <> in {room}</>}.
    </>
  );
}
