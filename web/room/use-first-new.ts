import { useEffect, useState } from 'react';
import type { Message, Room } from '../../client/index.ts';

/**
 * The first message after a seq, wherever it is: what is not shown is read from the server.
 *
 * @param messages those that are shown
 * @param after undefined: none is asked for
 * @returns undefined as long as it is not known
 */
export function useFirstNew(
  room: Room,
  messages: readonly Message[],
  after: number | undefined,
): Message | undefined {
  const [read, setRead] = useState<{ message: Message | undefined; after: number }>();
  const isShown = (messages[0]?.seq ?? Number.POSITIVE_INFINITY) <= (after ?? 0);
  useEffect(() => {
    if (after === undefined || isShown) return;
    let wanted = true;
    room
      .history({ after }, 1)
      .then(({ messages: [message] }) => {
        if (wanted) setRead({ message, after });
      })
      // Then it is not said since when there are new ones, and the way there tells what is wrong.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [room, after, isShown]);
  if (after === undefined) return undefined;
  if (isShown) return messages.find(({ seq }) => seq > after);
  return read?.after === after ? read.message : undefined;
}
