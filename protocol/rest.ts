import { accountOperations } from './account-operations.ts';
import { moderationOperations } from './moderation-operations.ts';
import { roomOperations } from './room-operations.ts';

/**
 * The REST API: one entry per operation. The router serves exactly these, openapi.yaml describes
 * exactly these. Bodies: rest-bodies.ts. Paths end in a slash; the server takes them without it too.
 */
export const operations = {
  ...accountOperations,
  ...roomOperations,
  ...moderationOperations,
} as const;

export type OperationId = keyof typeof operations;
