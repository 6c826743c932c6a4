const PAUSE_MS = 50;

/**
 * Tries until it goes well.
 *
 * @returns what it gave
 * @throws what it failed of last, when time is up
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { withinMs = 60_000 } = {},
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
