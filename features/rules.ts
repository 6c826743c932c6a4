import type { Kinds } from '../lambdas/chat/overlay.ts';
import { DELETION, deletion } from './deletions/rules.ts';
import { EDIT, edit } from './edits/rules.ts';

/** Kinds of events that hang on messages. What a later one shows covers what an earlier one does. */
export const KINDS: Kinds = { [EDIT]: edit, [DELETION]: deletion };
