import { useEffect, useEffectEvent } from 'react';
import type { Room, RoomState } from '../../client/index.ts';
import type { useMessages } from '../../client/react/index.ts';
import { useNetwork } from '../app/use-network.ts';

interface LoadProblemProps {
  room: Room;
  state: RoomState;
  timeline: ReturnType<typeof useMessages>;
  /** The message that the address leads to. */
  target: { readonly seq: number } | undefined;
}

/** Says that messages could not be loaded, and loads them once there is a connection again. */
export function LoadProblem({ room, state, timeline, target }: LoadProblemProps) {
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
  const reachable = useNetwork() && state.status === 'live';
  useEffect(() => {
    if (reachable) retryOnceReachable();
  }, [reachable]);
  // What is new can't be read: that is tried again by itself, but not at once.
  if (state.error && state.status !== 'refused') {
    return <Problem says={state.error.message} action="Try again" act={() => room.catchUp()} />;
  }
  // That all is over, and why, ConnectionNotice tells.
  if (!error || error.code === 'closed') return null;
  return <Problem says={error.message} action="Load more" act={retry} />;
}

interface ProblemProps {
  says: string;
  action: string;
  act: () => void;
}

function Problem({ says, action, act }: ProblemProps) {
  return (
    <p className="load-problem" role="alert">
      <span>{says}</span>
      <button type="button" className="quiet-button" onClick={act}>
        {action}
      </button>
    </p>
  );
}
