import { expect } from '@jest/globals';
import fc from 'fast-check';
import { steps } from '../../../contracts/dynamo-steps.ts';
import { byLeanTransport, type Engine, type openDynalite } from '../../../contracts/engines.ts';

/** What a call came to, in words that clients can be compared by. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    const answer = await call();
    if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
    return { ...answer, $metadata: told(answer) };
  } catch (thrown) {
    const { name, message, $fault, Item } = thrown as Failed;
    const { httpStatusCode, attempts } = told(thrown as Failed);
    // What never reached the service, or came back as garbage, each tells in words of its own.
    return {
      ...{ $fault, Item, httpStatusCode, attempts },
      ...(httpStatusCode ? { name } : {}),
      ...($fault ? { message } : {}),
    };
  }
}

type Failed = Error & { $fault?: string; Item?: unknown };

function told(of: object) {
  const { $metadata } = of as { $metadata?: Record<string, unknown> };
  const { httpStatusCode, attempts } = $metadata ?? {};
  return { httpStatusCode, attempts };
}

/**
 * Sends the same steps through the SDK and through our own transport, each to an engine of its own.
 *
 * @throws where they come to something else
 */
export async function expectSameOutcomes(open: typeof openDynalite): Promise<void> {
  const engines: [Engine, Engine] = [await open(), await open(byLeanTransport)];
  try {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const [judge, table] = await Promise.all([engines[0].newTable(), engines[1].newTable()]);
        for (const step of steps) {
          const expected = await outcomeOf(() => step.run(judge));
          const found = await outcomeOf(() => step.run(table));
          expect({ step: step.text, found }).toEqual({ step: step.text, found: expected });
        }
      }),
      { numRuns: 15 },
    );
  } finally {
    for (const { close } of engines) await close();
  }
}
