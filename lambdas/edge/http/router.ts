import { ParlorError } from '../../../protocol/errors.ts';
import { type OperationId, operations } from '../../../protocol/rest.ts';

export interface Route {
  id: OperationId;
  /** The name of the room in the path, decoded; empty where the path has none. */
  room: string;
  /** The seq of the message in the path; 0 where the path has none. */
  seq: number;
}

interface Pattern {
  id: OperationId;
  regex: RegExp;
}

const regexOf = (path: string) =>
  path
    .replace(/\/$/, '')
    .replace('{room}', '(?<room>[^/]+)')
    .replace('{seq}', '(?<seq>[1-9][0-9]{0,14})');

const patterns: Pattern[] = Object.entries(operations).map(([id, { path }]) => ({
  id: id as OperationId,
  // The trailing slash is optional, the room's name is everything up to the next slash.
  regex: new RegExp(`^${regexOf(path)}/?$`),
}));

/**
 * Finds the operation of a request. HEAD goes where GET does.
 *
 * @param hasDocs whether the docs are there, to which an error leads
 * @throws ParlorError `not_found`, `method_not_allowed`
 */
export function findRoute(method: string, path: string, hasDocs = true): Route {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const routes = routesAt(path, hasDocs);
  const match = routes.find(({ id }) => operations[id].method === wanted);
  if (match) return match;
  const allowed = allowedMethods(routes);
  throw new ParlorError('method_not_allowed', `Method "${method}" not allowed.`, { allowed });
}

/**
 * All that there is at a path, at least one.
 *
 * @throws ParlorError `not_found`
 */
export function routesAt(path: string, hasDocs: boolean): Route[] {
  const routes = patterns.flatMap(({ id, regex }) => {
    const match = regex.exec(path);
    if (!match) return [];
    const { room = '', seq = '0' } = match.groups ?? {};
    return [{ id, room: decode(room), seq: Number(seq) }];
  });
  if (routes.length > 0) return routes;
  throw notFound(hasDocs);
}

export const notFound = (hasDocs: boolean) =>
  new ParlorError(
    'not_found',
    hasDocs ? 'Not found. See /api/docs/ for what there is.' : 'Not found.',
  );

/** For the Allow header, in the order in which Django REST framework lists them. */
export function allowedMethods(routes: readonly Route[]): string {
  const methods = new Set<string>(routes.map(({ id }) => operations[id].method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].join(', ');
}

/** HTTP APIs hand the path on decoded, emulators may not; no room's name holds a "%". */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
