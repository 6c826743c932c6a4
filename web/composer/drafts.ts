import { isBlank } from '../../protocol/blank.ts';
import { remembered } from '../app/storage.ts';

const PREFIX = 'parlor-draft:';

/** Names may hold no colon, so two of them are told apart by it. */
const keyOf = (username: string, room: string) => `${PREFIX}${username}:${room}`;

/** What somebody wrote in a room and has not sent; empty for nothing. */
export const draftOf = (username: string, room: string): string =>
  remembered.get(keyOf(username, room)) ?? '';

/** @param text a blank one forgets it */
export function keepDraft(username: string, room: string, text: string): void {
  remembered.set(keyOf(username, room), isBlank(text) ? undefined : text);
}

const answeringKey = (username: string, room: string) => `${keyOf(username, room)}:reply`;

/** The seq of the message that it answers. */
export function answeringOf(username: string, room: string): number | undefined {
  const seq = Number(remembered.get(answeringKey(username, room)));
  return Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}

/** @param seq undefined: it answers none */
export function keepAnswering(username: string, room: string, seq: number | undefined): void {
  remembered.set(answeringKey(username, room), seq?.toString());
}

/** Forgets all drafts of somebody. */
export const forgetDrafts = (username: string): void => remembered.forget(`${PREFIX}${username}:`);
