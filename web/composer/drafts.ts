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

/** Forgets all drafts of somebody. */
export const forgetDrafts = (username: string): void => remembered.forget(`${PREFIX}${username}:`);
