/** Put there by patient-environment.js. */
declare const requireNatively: (path: string) => unknown;

/**
 * Loads a module as Node does, once in a worker, where jest loads it anew for each suite, and slowly.
 * For what is heavy, keeps no state between tests, and needs no mock. Its objects are of another
 * world: `instanceof` a built-in is false for them, and a spy on `console` here isn't called there.
 *
 * @param path from the repository's root
 */
export function natively<T>(path: string): T {
  return requireNatively(path) as T;
}
