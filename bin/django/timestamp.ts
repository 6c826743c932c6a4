const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|([+-]\d\d):?(\d\d))?$/;

/**
 * A time as Django stores or dumps it, in milliseconds since 1970: finer parts are cut off. Without
 * a zone it is UTC, as Django's are in SQLite. Null when it is none.
 */
export function toMillis(value: unknown): number | null {
  const [, date, time, hours = '+00', minutes = '00'] =
    typeof value === 'string' ? (TIMESTAMP.exec(value) ?? []) : [];
  const at = Date.parse(`${date}T${time}${hours}:${minutes}`);
  return at >= 0 ? at : null;
}
