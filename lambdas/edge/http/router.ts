import { ParlorError } from '../../../protocol/errors.ts';
import { type OperationId, operations } from '../../../protocol/rest.ts';

export interface Route {
  id: OperationId;
  /** The name of the room in the path, decoded; empty where the path has none. */
  room: string;
}

interface Pattern {
  id: OperationId;
  method: string;
  regex: RegExp;
}

const patterns: Pattern[] = Object.entries(operations).map(([id, { method, path }]) => ({
  id: id as OperationId,
  method,
  // The trailing slash is optional, the room's name is everything up to the next slash.
  regex: new RegExp(`^${path.replace(/\/$/, '').replace('{room}', '(?<room>[^/]+)')}/?$`),
}));

/**
 * Finds the operation of a request. HEAD is served like GET.
 *
 * @throws ParlorError `not_found`, `method_not_allowed`
 */
export function findRoute(method: string, path: string): Route {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const matches = patterns.flatMap((pattern) => {
    const match = pattern.regex.exec(path);
    return match ? [{ pattern, room: match.groups?.room ?? '' }] : [];
  });
  if (matches.length === 0) {
    throw new ParlorError('not_found', 'Not found. See /api/docs/ for what there is.');
  }
  const match = matches.find(({ pattern }) => pattern.method === wanted);
  if (!match) {
    const allowed = matches.map(({ pattern }) => pattern.method).join(', ');
    throw new ParlorError('method_not_allowed', `Method "${method}" not allowed.`, { allowed });
  }
  return { id: match.pattern.id, room: decode(match.room) };
}

/** HTTP APIs hand the path on decoded, emulators may not; no room's name holds a "%". */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
