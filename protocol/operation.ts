import type * as z from 'zod/mini';

/** What an operation is: the router reads the first four, openapi.yaml shows all. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{room}` where the room's name stands, and `{seq}` where a message's seq does. */
  path: string;
  /** Whether it wants `Authorization: Bearer <access token>`. */
  auth: boolean;
  /** The error shape of a body or query that doesn't fit. */
  errors: 'fields' | 'detail';
  tag: string;
  summary: string;
  description?: string;
  query?: z.ZodMiniObject;
  headers?: z.ZodMiniObject;
  body?: z.ZodMiniObject;
  ok: { status: 200 | 201; body: z.ZodMiniType; description: string };
  /** Further statuses, with what they mean. */
  refusals: Partial<Record<number, string>>;
}
