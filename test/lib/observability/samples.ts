/** One value of a metric, as CloudWatch gets it. */
export interface Sample {
  namespace: string;
  name: string;
  dimensions: Record<string, unknown>;
  value: number;
  /** Periods ago; 0 is the newest. */
  ago: number;
}

interface EmfLine extends Record<string, unknown> {
  _aws: {
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string }[];
    }[];
  };
}

/** What CloudWatch makes of a line in its embedded metric format. */
export function samplesOf(line: Record<string, unknown>, ago = 0): Sample[] {
  const emf = line as EmfLine;
  return emf._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.flatMap(({ Name }) =>
        [emf[Name]].flat().map((value) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, emf[name]])),
          value: Number(value),
          ago,
        })),
      ),
    ),
  );
}
