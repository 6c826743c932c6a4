import type fc from 'fast-check';

/** Every call of every method waits its turn, which the scheduler deals out. */
export function atItsTurn<Port extends object>(port: Port, scheduler: fc.Scheduler): Port {
  const entries = Object.entries(port).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      await scheduler.schedule(Promise.resolve());
      return await method(...args);
    },
  ]);
  return Object.fromEntries(entries) as Port;
}
