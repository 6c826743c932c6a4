/**
 * What a deployed function finds under the name of `@aws-sdk/lib-dynamodb`: commands that only hold
 * their input. The SDK's own bring its whole client along, 180 KB that a cold function would load
 * before it answers. lib/lean-modules.ts puts this in its place; `documentClient` sends them.
 */

class Command {
  readonly input: object;
  constructor(input: object) {
    this.input = input;
  }
}

export class BatchGetCommand extends Command {}
export class GetCommand extends Command {}
export class PutCommand extends Command {}
export class UpdateCommand extends Command {}
export class DeleteCommand extends Command {}
export class QueryCommand extends Command {}
export class ScanCommand extends Command {}

/** Only its prototype is needed: see `documentClient`. */
export class DynamoDBDocumentClient {
  declare readonly send: (command: Command) => Promise<Page>;
}

interface Page {
  LastEvaluatedKey?: object | undefined;
}

export const paginateQuery = paginator(QueryCommand);
export const paginateScan = paginator(ScanCommand);

function paginator(kind: typeof QueryCommand | typeof ScanCommand) {
  return async function* pages(
    { client, pageSize }: { client: DynamoDBDocumentClient; pageSize?: number },
    input: object,
  ): AsyncGenerator<Page> {
    let ExclusiveStartKey: object | undefined;
    do {
      const page = await client.send(
        new kind({
          ...(pageSize !== undefined && { Limit: pageSize }),
          ...input,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        }),
      );
      yield page;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  };
}
