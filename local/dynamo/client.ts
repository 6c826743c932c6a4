import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lambdas/aws/dynamodb/document-client.ts';
import type { Engine } from './engine.ts';

/**
 * A document client of an engine in this process: the adapters' commands, without a way in between.
 * An answer comes when what it tells of would survive a kill -9. There is no middleware.
 */
export function engineClient(engine: Engine): DynamoDBDocumentClient {
  return documentClient(async (operation, input) => {
    let outcome: () => object;
    try {
      const output = engine.apply(operation, input);
      outcome = () => output;
    } catch (error) {
      // It tells of what may not be committed yet, too.
      outcome = () => {
        throw error;
      };
    }
    await engine.committed();
    return outcome();
  });
}
