export type { Listener, Unsubscribe } from './emitter.ts';
export { type AnyErrorCode, type ClientErrorCode, ParlorClientError } from './errors.ts';
export { memoryStore } from './memory-store.ts';
export type {
  ConnectOptions,
  Platform,
  SocketLike,
  Timing,
  TokenSource,
} from './options.ts';
export { TIMING } from './options.ts';
export { connect } from './parlor.ts';
export type { CachedRoom, OutboxEntry, Store } from './store.ts';
export type {
  ConnectionState,
  HistoryPage,
  HistoryRange,
  Message,
  MessageChange,
  MessageExtras,
  Parlor,
  ParlorEvents,
  PendingMessage,
  RestCalls,
  Room,
  RoomEvents,
  RoomOptions,
  RoomState,
  RoomStatus,
  RoomTail,
  Stored,
  TailEvents,
} from './types.ts';
