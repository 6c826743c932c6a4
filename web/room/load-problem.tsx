import { useEffect, useEffectEvent } from 'react';
import type { useMessages } from '../../client/react/index.ts';

interface LoadProblemProps {
  timeline: ReturnType<typeof useMessages>;
  /** Whether the room is up to date: then it is worth trying again. */
  live: boolean;
}

/** Says that messages could not be loaded, and loads them once there is a connection again. */
export function LoadProblem({ timeline, live }: LoadProblemProps) {
  const { error, hasNewer, loadOlder, loadNewer } = timeline;
  const retry = () => void (hasNewer ? loadNewer() : loadOlder());
  const retryOnceLive = useEffectEvent(() => {
    if (error) retry();
  });
  useEffect(() => {
    if (live) retryOnceLive();
  }, [live]);
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
