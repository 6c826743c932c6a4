import { accountOperations } from './account-operations.ts';
import type { HttpServices, Operations } from './handler.ts';
import type { loginOperations } from './login-operations.ts';
import { messageOperations } from './message-operations.ts';
import { moderationOperations } from './moderation-operations.ts';
import { roomOperations } from './room-operations.ts';

/** All but those that hash a password: one that is missing in both doesn't compile. */
export const httpOperations: Omit<Operations<HttpServices>, keyof typeof loginOperations> = {
  ...accountOperations,
  ...messageOperations,
  ...roomOperations,
  ...moderationOperations,
};
