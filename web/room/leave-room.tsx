import { useState } from 'react';
import { Dialog } from '../app/dialog.tsx';
import { LeaveIcon } from '../app/icons.tsx';
import { navigate } from '../app/router.ts';
import { useSignedIn } from '../app/signed-in-context.ts';

/** Takes a room off one's list, after it has asked. */
export function LeaveRoom({ name }: { name: string }) {
  const { rooms } = useSignedIn();
  const [asking, setAsking] = useState(false);
  const stay = () => setAsking(false);
  const leave = () => {
    navigate('/');
    // If it could not be taken off the list, it is still there to be seen.
    rooms.remove(name).catch(() => {});
  };
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Leave room"
        aria-haspopup="dialog"
        title="Leave room: takes it off your list"
        onClick={() => setAsking(true)}
      >
        <LeaveIcon />
      </button>
      {asking && (
        <Dialog className="ask" label="Leave room" close={stay}>
          <h2>
            <span>Leave </span>
            <bdi translate="no">{name}</bdi>
            <span>?</span>
          </h2>
          <p>It goes off your list. What was said there stays, and its address leads back to it.</p>
          <div className="ask-answers">
            <button type="button" className="button" onClick={stay}>
              Stay
            </button>
            <button type="button" className="button" data-kind="second" onClick={leave}>
              Leave
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
