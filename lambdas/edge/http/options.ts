import { operations } from '../../../protocol/rest.ts';
import { type HttpAnswer, json } from './events.ts';
import { allowedMethods, routesAt } from './router.ts';

/**
 * What there is at a path, as Django REST framework answers OPTIONS. Without a token: it says no
 * more than the documentation.
 *
 * @throws ParlorError `not_found`
 */
export function describePath(path: string, hasDocs: boolean): HttpAnswer {
  const routes = routesAt(path, hasDocs);
  const body = {
    name: routes.map(({ id }) => operations[id].summary).join(' / '),
    description: '',
    renders: ['application/json'],
    parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
  };
  return json(200, body, { allow: allowedMethods(routes) });
}
