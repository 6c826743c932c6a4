import { useCallback, useMemo, useState } from 'react';
import { ParlorProvider } from '../../client/react/index.ts';
import { RoomView } from '../room/room-view.tsx';
import { FirstSteps } from '../rooms/first-steps.tsx';
import { GoToRoom } from '../rooms/go-to-room.tsx';
import { RoomsPane } from '../rooms/rooms-pane.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { Failure } from './failure.tsx';
import { Nowhere } from './nowhere.tsx';
import { PageTitle } from './page-title.tsx';
import { nameOf, type Place } from './places.ts';
import { usePlace } from './router.ts';
import { SignedInContext } from './signed-in-context.ts';
import { useClient } from './use-client.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { useShortcut } from './use-shortcut.ts';

/** Everything that is there for somebody who is signed in. */
export function SignedIn({ username }: { username: string }) {
  const connected = useClient(username);
  const place = usePlace();
  const stage = useKeptFocus<HTMLElement>(place);
  const [choosing, setChoosing] = useState(false);
  const goToRoom = useCallback(() => setChoosing(true), []);
  useShortcut('k', goToRoom);
  const context = useMemo(() => {
    if (!connected) return undefined;
    const { rooms, logOut, unsent } = connected;
    return { username, rooms, logOut, unsent, goToRoom };
  }, [connected, username, goToRoom]);
  if (!connected || !context) return null;
  return (
    <ParlorProvider client={connected.client}>
      <SignedInContext value={context}>
        <PageTitle place={place} />
        <div className="signed-in" data-page={place.page}>
          <button type="button" className="skip" onClick={() => stage.current?.focus()}>
            Skip the list of rooms
          </button>
          <RoomsPane open={place.page === 'room' ? place.room : undefined} />
          <main ref={stage} className="stage" tabIndex={-1} aria-label={nameOf(place)}>
            <ConnectionNotice />
            <Failure key={place.page === 'room' ? place.room : place.page}>
              <Stage place={place} />
            </Failure>
          </main>
        </div>
        {choosing && <GoToRoom close={() => setChoosing(false)} />}
      </SignedInContext>
    </ParlorProvider>
  );
}

function Stage({ place }: { place: Place }) {
  if (place.page === 'home') return <FirstSteps />;
  if (place.page === 'nowhere') return <Nowhere />;
  return <RoomView key={place.room} name={place.room} place={place} />;
}
