import type { Kinds } from '../lambdas/chat/overlay.ts';
import { DELETION, deletion } from './deletions/kind.ts';
import { EDIT, edit } from './edits/kind.ts';

/** Kinds of events that hang on messages. What a later one shows covers what an earlier one does. */
export const KINDS: Kinds = { [EDIT]: edit, [DELETION]: deletion };
