import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Table } from '../../../lambdas/aws/dynamo.ts';
import { type Step, steps } from '../../contracts/dynamo-steps.ts';
import { type Engine, openDynalite, openInFiles, openInMemory } from '../../contracts/engines.ts';

async function outcomeOf(step: Step, table: Table): Promise<unknown> {
  try {
    const answer = await step.run(table);
    if (Array.isArray(answer) || typeof answer !== 'object') return answer;
    return { ...answer, $metadata: undefined };
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}

describe('the embedded engine answers as an engine that others wrote', () => {
  const engines: Engine[] = [];
  beforeAll(async () => {
    engines.push(...(await Promise.all([openDynalite(), openInMemory(), openInFiles()])));
  });
  afterAll(() => Promise.all(engines.map((engine) => engine.close())));

  test('whatever is written and read, in memory and in files', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const [judge, ...tables] = await Promise.all(engines.map((engine) => engine.newTable()));
        if (!judge) throw new Error('There is no judge.');
        for (const step of steps) {
          const expected = await outcomeOf(step, judge);
          for (const [index, table] of tables.entries()) {
            const answer = await outcomeOf(step, table);
            expect({ index, step: step.text, answer }).toEqual({
              ...{ index, step: step.text },
              answer: expected,
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
