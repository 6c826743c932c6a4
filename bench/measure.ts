/** What half of the values lie below. */
export const median = (values: readonly number[]): number => percentile(values, 50);

/** The value that so many percent of the values don't exceed. NaN of none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const fixed = (value: number, places = 1): number => Number(value.toFixed(places));

export const percent = (part: number, whole: number): string =>
  `${Math.round((100 * part) / whole)} %`;

/** CPU time of this process, in microseconds, since `before`. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Several things, measured in turn, so that what disturbs the machine disturbs all alike. */
export async function interleaved<Name extends string, Result>(
  names: readonly Name[],
  repetitions: number,
  measure: (name: Name) => Promise<Result>,
): Promise<Record<Name, Result[]>> {
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Result[]
  >;
  for (let n = 0; n < repetitions; n++) {
    for (const name of names) results[name].push(await measure(name));
  }
  return results;
}
