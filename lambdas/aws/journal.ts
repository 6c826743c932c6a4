/** What is worth a line. */
export type LogLevel = 'info' | 'error';

/**
 * Writes the log as lines of JSON, which escapes line breaks, so that nobody can forge a line.
 *
 * @param level `error` leaves out what went well and what was the client's doing, but not what
 *   went well in spite of a fault
 */
export function jsonLines(
  level: LogLevel,
  write: (line: string) => void = console.info,
): (entry: { result: string; error?: string }) => void {
  return (entry) => {
    if (level === 'info' || entry.result === 'failed' || entry.error !== undefined)
      write(JSON.stringify(entry));
  };
}
