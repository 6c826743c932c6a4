import * as z from 'zod/mini';

const Report = z.object({
  operations: z.object({ total: z.int(), tested: z.int(), errored: z.int() }),
  test_cases: z.object({ generated: z.int(), errored: z.int() }),
  failures: z.array(z.object({ title: z.string(), operations: z.array(z.string()) })),
});

/**
 * What speaks against a run, one sentence each; none where all is well. A run that tried too little,
 * because the chat had gone or time ran out, is not well.
 *
 * @param exitCode of Schemathesis
 * @param json its report
 * @param operations how many the contract has
 */
export function problemsOf(exitCode: number, json: string, operations: number): string[] {
  const report = Report.parse(JSON.parse(json));
  const { total, tested, errored } = report.operations;
  const problems = report.failures.map(({ title, operations: on }) => `${title}: ${on.join(', ')}`);
  if (total !== operations) {
    problems.push(`The contract has ${operations} operations, and ${total} were found in it.`);
  }
  if (tested < total || errored > 0) {
    problems.push(`Of ${total} operations ${tested} were tried, ${errored} came to no answer.`);
  }
  if (report.test_cases.generated < 5 * total || report.test_cases.errored > 0) {
    const { generated, errored: lost } = report.test_cases;
    problems.push(`Only ${generated} requests were made, and ${lost} came to no answer.`);
  }
  if (exitCode !== 0 && problems.length === 0) {
    problems.push(`Schemathesis ended with ${exitCode}.`);
  }
  return problems;
}
