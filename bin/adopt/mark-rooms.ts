import { countersOf } from '../../lambdas/chat/counters.ts';
import { countersAfter, MESSAGE } from '../../lambdas/chat/event.ts';
import type { Account } from '../../lambdas/chat/ports/account-store.ts';
import { openRoomImport, type RoomImportPorts } from '../transfer/room-import.ts';

export interface Mark {
  /** Who says it. */
  by: Pick<Account, 'id' | 'username'>;
  content: string;
  /** So many seqs are passed over in each room: more than were given after the backup was made. */
  gap: number;
}

/**
 * Says in each room that it was restored, behind seqs that nobody will have again. After the backup
 * was made seqs were given that clients have seen. Given a second time they would stand for something
 * else, and a client that has them already would never ask. So the room goes on behind them: whoever
 * was told of more than the backup holds finds it gone, and begins anew.
 *
 * @returns how many rooms
 */
export async function markRooms(
  ports: RoomImportPorts,
  rooms: AsyncIterable<string>,
  { by, content, gap }: Mark,
): Promise<number> {
  let count = 0;
  for await (const room of rooms) {
    const head = await ports.log.head(room);
    const end = head.seq + gap;
    const into = await openRoomImport(ports, room);
    try {
      // Whatever stood there is unread by nobody.
      await into.passOver(head.seq + 1, end, countersOf(head));
      const at = ports.clock.now();
      const [id, clientId] = [ports.random.id(), ports.random.id()];
      const said = { id, clientId, userId: by.id, sender: by.username, payload: { content }, at };
      const counters = countersAfter({ ...head, seq: end }, MESSAGE);
      await into.put([{ type: MESSAGE, room, seq: end + 1, ...said, ...counters }]);
    } finally {
      await into.close();
    }
    count++;
  }
  return count;
}
