/** Prints a figure or a word for who runs the tests. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
