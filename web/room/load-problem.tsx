import { useEffect, useEffectEvent } from 'react';
import type { useMessages } from '../../client/react/index.ts';
import { useNetwork } from '../app/use-network.ts';

interface LoadProblemProps {
  timeline: ReturnType<typeof useMessages>;
  /** The message that the address leads to. */
  target: { readonly seq: number } | undefined;
  /** Whether the room is up to date: then it is worth trying again. */
  live: boolean;
}

/** Says that messages could not be loaded, and loads them once there is a connection again. */
export function LoadProblem({ timeline, target, live }: LoadProblemProps) {
  const { messages, error, hasNewer, loadOlder, loadNewer, jumpTo } = timeline;
  const arrived = !target || messages.some(({ seq }) => seq === target.seq);
  const retry = () => {
    if (arrived) void (hasNewer ? loadNewer() : loadOlder());
    else void jumpTo(target.seq);
  };
  const retryOnceReachable = useEffectEvent(() => {
    if (error) retry();
  });
  // A short cut is over before the socket, and so the room, has noticed it.
  const reachable = useNetwork() && live;
  useEffect(() => {
    if (reachable) retryOnceReachable();
  }, [reachable]);
  // That all is over, and why, ConnectionNotice tells.
  if (!error || error.code === 'closed') return null;
  return (
    <p className="load-problem" role="alert">
      {error.message}
      <button type="button" className="quiet-button" onClick={retry}>
        Load more
      </button>
    </p>
  );
}
