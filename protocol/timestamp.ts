/**
 * Instants on the wire, as the chat that Parlor replaces wrote them: ISO 8601 in UTC with
 * microseconds, with `+00:00` in frames and with `Z` over REST. Inside, an instant is a whole
 * number of milliseconds since 1970.
 */

const micros = (at: number) => new Date(at).toISOString().replace('Z', '000');

/** @example frameTimestamp(0) === '1970-01-01T00:00:00.000000+00:00' */
export const frameTimestamp = (at: number): string => `${micros(at)}+00:00`;

/** @example restTimestamp(0) === '1970-01-01T00:00:00.000000Z' */
export const restTimestamp = (at: number): string => `${micros(at)}Z`;
