import type { Message, MessageChange } from './types.ts';

/**
 * A message after a change of it. Changes may come in any order and more than once, before or after a
 * page that holds the message: all clients end alike (PROTOCOL.md, "Changes").
 */
export function changed(message: Message, change: MessageChange): Message {
  const { seq, deleted, version = seq } = message;
  if (seq !== change.target || deleted) return message;
  if ('deleted' in change) {
    const { id, clientId, sender, timestamp } = message;
    return { seq, id, clientId, sender, timestamp, content: '', deleted: change.deleted };
  }
  const { content, editedAt } = change;
  return change.version > version
    ? { ...message, content, version: change.version, editedAt }
    : message;
}

/** @returns the same list where nothing in it changes */
export function allChanged(
  messages: readonly Message[],
  change: MessageChange,
): readonly Message[] {
  const after = messages.map((message) => changed(message, change));
  return after.some((message, index) => message !== messages[index]) ? after : messages;
}
