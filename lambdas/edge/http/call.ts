import type * as z from 'zod/mini';
import type { Operation } from '../../../protocol/operation.ts';
import { type OperationId, operations } from '../../../protocol/rest.ts';
import type { Caller } from '../../auth/caller.ts';
import { networkOf } from '../../auth/network.ts';
import type { Notes } from '../journal.ts';
import { parse } from '../parse.ts';
import { readBody } from './body.ts';
import { type HttpEvent, originOf } from './events.ts';
import { parseForm } from './form-body.ts';
import type { Route } from './router.ts';

type Parsed<Id extends OperationId, Part extends 'query' | 'headers' | 'body'> =
  (typeof operations)[Id] extends Record<Part, infer Schema extends z.ZodMiniType>
    ? z.infer<Schema>
    : undefined;

type WithToken<Id extends OperationId, Known> = (typeof operations)[Id]['auth'] extends true
  ? Known
  : undefined;

/** A request to one operation, parsed by its entry in protocol/rest.ts. */
export interface Call<Id extends OperationId> {
  /** As it stands in the path; for `parseRoomName` to judge. */
  room: string;
  seq: number;
  query: Parsed<Id, 'query'>;
  headers: Parsed<Id, 'headers'>;
  body: Parsed<Id, 'body'>;
  /** Whose token it carries; only there where the operation wants one. */
  account: WithToken<Id, Caller['account']>;
  sessionId: WithToken<Id, Caller['sessionId']>;
  tokenExpiresAt: WithToken<Id, Caller['tokenExpiresAt']>;
  strictExpiry: WithToken<Id, Caller['strictExpiry']>;
  /** The absolute address of what was called, without a query. */
  url: string;
  /** Where it came from, as far as callers are counted by that. */
  network: string;
  notes: Notes;
}

/** @throws ParlorError `invalid_field` and those of `readBody` */
export async function parseCall(
  route: Route,
  event: HttpEvent,
  caller: Caller | undefined,
  notes: Notes,
): Promise<Call<OperationId>> {
  const operation: Operation = operations[route.id];
  const { query, headers, body } = operation;
  return {
    room: route.room,
    seq: route.seq,
    query: query && parse(query, queryOf(event)),
    headers: headers && parse(headers, event.headers),
    body: body && parseBody(operation, body, await readBody(event)),
    account: caller?.account,
    sessionId: caller?.sessionId,
    tokenExpiresAt: caller?.tokenExpiresAt,
    strictExpiry: caller?.strictExpiry,
    url: originOf(event) + pathOf(operation, route),
    network: networkOf(notes.address ?? 'unknown'),
    notes,
    // The parts were parsed by this very operation's schemas.
  } as Call<OperationId>;
}

const pathOf = ({ path }: Operation, { room, seq }: Route) =>
  path.replace('{room}', encodeURIComponent(room)).replace('{seq}', String(seq));

/** Parameters that are numbers; in a query everything is text. */
const NUMBERS = new Set(['limit', 'before', 'after']);

function queryOf({ rawQueryString = '' }: HttpEvent): Record<string, unknown> {
  const entries = [...new URLSearchParams(rawQueryString)].map(([name, value]) => [
    name,
    NUMBERS.has(name) && /^-?\d+$/.test(value) ? Number(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Bodies of which each field tells its own error are the old chat's forms, or like them. */
function parseBody({ errors }: Operation, schema: z.ZodMiniObject, input: unknown): unknown {
  return errors === 'fields' ? parseForm(schema, input) : parse(schema, input);
}
