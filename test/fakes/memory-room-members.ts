import type { RoomMember, RoomMembers } from '../../lambdas/chat/ports/room-members.ts';

/** Members of rooms in memory. */
export function memoryRoomMembers(): RoomMembers {
  const rooms = new Map<string, Map<string, RoomMember>>();
  return {
    async *list(room) {
      for (const member of rooms.get(room)?.values() ?? []) yield { ...member };
    },
    async add(room, member) {
      const members = rooms.get(room) ?? new Map<string, RoomMember>();
      rooms.set(room, members);
      if (members.has(member.userId)) return 'there';
      members.set(member.userId, { ...member });
      return 'added';
    },
  };
}
