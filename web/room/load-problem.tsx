import { useEffect, useEffectEvent } from 'react';
import type { useMessages } from '../../client/react/index.ts';
import { useNetwork } from '../app/use-network.ts';

interface LoadProblemProps {
  timeline: ReturnType<typeof useMessages>;
  /** Whether the room is up to date: then it is worth trying again. */
  live: boolean;
}

/** Says that messages could not be loaded, and loads them once there is a connection again. */
export function LoadProblem({ timeline, live }: LoadProblemProps) {
  const { error, hasNewer, loadOlder, loadNewer } = timeline;
  const retry = () => void (hasNewer ? loadNewer() : loadOlder());
  const retryOnceReachable = useEffectEvent(() => {
    if (error) retry();
  });
  // A short cut is over before the socket, and so the room, has noticed it.
  const reachable = useNetwork() && live;
  useEffect(() => {
    if (reachable) retryOnceReachable();
  }, [reachable]);
  if (!error) return null;
  return (
    <p className="load-problem" role="alert">
      {error.message}
      <button type="button" className="quiet-button" onClick={retry}>
        Load more
      </button>
    </p>
  );
}
