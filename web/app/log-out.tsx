import { useState } from 'react';
import { Dialog } from './dialog.tsx';
import { useSignedIn } from './signed-in-context.ts';

/** Logs out; asks first where messages would be lost that are not sent yet. */
export function LogOut() {
  const { logOut, unsent } = useSignedIn();
  const [losing, setLosing] = useState(0);
  const begin = () => {
    const count = unsent();
    if (count === 0) logOut();
    else setLosing(count);
  };
  const stay = () => setLosing(0);
  const lost = losing === 1 ? 'A message has' : `${losing} messages have`;
  return (
    <>
      <button type="button" className="wall-quiet" onClick={begin}>
        Log out
      </button>
      {losing > 0 && (
        <Dialog className="ask" label="Log out" close={stay}>
          <h2>Log out?</h2>
          <p>{`${lost} not been sent yet, and will be lost if you log out now.`}</p>
          <div className="ask-answers">
            <button type="button" className="button" onClick={stay}>
              Stay
            </button>
            <button type="button" className="button" data-kind="second" onClick={logOut}>
              {`Log out and lose ${losing === 1 ? 'it' : 'them'}`}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
