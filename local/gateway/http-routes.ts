import type { LambdaHandler } from './lambda-invoke.ts';

/** A route of the HTTP API. */
export interface HttpRoute {
  /** GET, POST, ...; without it, or as ANY, it takes all. */
  method?: string;
  /**
   * `/api/rooms/{room}/messages/`, `/api/docs/{proxy+}` (the last takes the rest of the path, at
   * least one segment), or `$default` for whatever no other route takes.
   */
  path: string;
  handler: LambdaHandler;
}

export interface HttpMatch {
  /** `GET /api/rooms/`, `ANY /api/docs/{proxy+}` or `$default`. */
  routeKey: string;
  handler: LambdaHandler;
  pathParameters: Record<string, string>;
}

/** The first route that takes a request. `path` is percent-decoded. */
export function matchRoute(
  routes: readonly HttpRoute[],
  method: string,
  path: string,
): HttpMatch | undefined {
  for (const { method: wanted = 'ANY', path: pattern, handler } of routes) {
    if (wanted !== 'ANY' && wanted !== method) continue;
    const pathParameters = pattern === '$default' ? {} : matchPath(pattern, path);
    if (!pathParameters) continue;
    const routeKey = pattern === '$default' ? pattern : `${wanted} ${pattern}`;
    return { routeKey, handler, pathParameters };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  const wanted = pattern.split('/');
  const given = path.split('/');
  for (const [index, part] of wanted.entries()) {
    const greedy = /^\{(.+)\+\}$/.exec(part)?.[1];
    if (greedy !== undefined) {
      const rest = given.slice(index).join('/');
      return rest === '' ? undefined : { ...parameters, [greedy]: rest };
    }
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const segment = given[index];
    if (name !== undefined && segment) parameters[name] = segment;
    else if (part !== segment) return undefined;
  }
  return given.length === wanted.length ? parameters : undefined;
}
