import type { Payload } from './event.ts';

/** Whether two payloads say the same, whatever the order in which their members came. */
export const isSamePayload = (a: Payload, b: Payload): boolean => canonical(a) === canonical(b);

/** As JSON with the members of each object sorted by name. */
const canonical = (payload: Payload): string =>
  JSON.stringify(payload, (_, value: unknown) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
