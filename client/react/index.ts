export { ParlorProvider, useParlor } from './parlor-context.ts';
export type { MessageWindow } from './room-window.ts';
export { useConnection } from './use-connection.ts';
export { useMessages } from './use-messages.ts';
export { type RoomUse, useRoom } from './use-room.ts';
