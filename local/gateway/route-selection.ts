/**
 * The route of a message: `$request.body.action`, or `$default` where the body is no JSON object,
 * names none, or names one that there is not.
 *
 * @returns undefined when the message has no route at all
 */
export function selectRoute(
  body: string,
  routes: Readonly<Record<string, unknown>>,
): string | undefined {
  const action = actionOf(body);
  // $connect and $disconnect are not for clients to call.
  if (action !== undefined && !action.startsWith('$') && Object.hasOwn(routes, action)) {
    return action;
  }
  return Object.hasOwn(routes, '$default') ? '$default' : undefined;
}

function actionOf(body: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('action' in parsed)) return undefined;
    return typeof parsed.action === 'string' ? parsed.action : undefined;
  } catch {
    // Not JSON: $default is there for that.
    return undefined;
  }
}
