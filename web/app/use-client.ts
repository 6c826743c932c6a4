import { useEffect, useState } from 'react';
import { connect, type Parlor } from '../../client/index.ts';
import { indexedDbStore } from '../../client/indexed-db-store.ts';
import { forgetDrafts } from '../composer/drafts.ts';
import { RoomList } from '../rooms/room-list.ts';
import { countedStore } from './counted-store.ts';
import { navigate } from './router.ts';
import { logOut, session } from './session.ts';

export interface Connected {
  readonly client: Parlor;
  readonly rooms: RoomList;
  /** Signs out, and leaves nothing of the person in this browser. */
  readonly logOut: () => void;
  /** How many messages would be lost by that. */
  readonly unsent: () => number;
}

/** The client of one person, for as long as this is mounted; undefined for a moment at first. */
export function useClient(username: string): Connected | undefined {
  const [connected, setConnected] = useState<Connected>();
  useEffect(() => {
    const { store, unsent } = countedStore(indexedDbStore(`parlor-${username}`));
    const client = connect({ url: location.origin, token: session.token, store, username });
    const rooms = new RoomList(client, username);
    const leave = async () => {
      navigate('/', { replace: true });
      await client.close();
      // A browser that keeps nothing has nothing to clear, and must not keep anybody logged in.
      await store.clear().catch(() => {});
      forgetDrafts(username);
      await logOut();
      // Another tab wrote until it heard of that.
      forgetDrafts(username);
    };
    setConnected({ client, rooms, unsent, logOut: () => void leave() });
    const stopLoading = keepLoaded(client, rooms);
    return () => {
      stopLoading();
      rooms.close();
      void client.close();
    };
  }, [username]);
  return connected;
}

/** Reads the list now, when it could not be read, and when the tab is looked at again. */
function keepLoaded(client: Parlor, rooms: RoomList): () => void {
  const load = () => void rooms.load();
  const seen = () => {
    if (!document.hidden) load();
  };
  load();
  const stop = client.on('state', ({ status }) => {
    if (status === 'online' && !rooms.state.loaded) load();
  });
  document.addEventListener('visibilitychange', seen);
  return () => {
    stop();
    document.removeEventListener('visibilitychange', seen);
  };
}
