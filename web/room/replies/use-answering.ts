import { useCallback, useState } from 'react';
import { session } from '../../app/session.ts';
import { answeringOf, keepAnswering } from '../../composer/drafts.ts';

/**
 * The seq of the message that one's draft in a room answers; it is kept beside the draft.
 *
 * @returns it, and what sets it
 */
export function useAnswering(
  username: string,
  room: string,
): [number | undefined, (seq: number | undefined) => void] {
  const [answering, setAnswering] = useState(() => answeringOf(username, room));
  const answer = useCallback(
    (seq: number | undefined) => {
      setAnswering(seq);
      // Of who has logged out, here or in another tab, nothing is kept.
      if (session.username === username) keepAnswering(username, room, seq);
    },
    [username, room],
  );
  return [answering, answer];
}
