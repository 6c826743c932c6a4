import type {
  BatchGetCommandInput,
  BatchGetCommandOutput,
  DeleteCommandInput,
  DeleteCommandOutput,
  GetCommandInput,
  GetCommandOutput,
  PutCommandInput,
  PutCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  ScanCommandInput,
  ScanCommandOutput,
  UpdateCommandInput,
  UpdateCommandOutput,
} from '@aws-sdk/lib-dynamodb';

/** What Parlor asks of DynamoDB, by the API's names; values as the document client has them. */
export interface Requests {
  BatchGetItem: { input: BatchGetCommandInput; output: Answer<BatchGetCommandOutput> };
  GetItem: { input: GetCommandInput; output: Answer<GetCommandOutput> };
  PutItem: { input: PutCommandInput; output: Answer<PutCommandOutput> };
  UpdateItem: { input: UpdateCommandInput; output: Answer<UpdateCommandOutput> };
  DeleteItem: { input: DeleteCommandInput; output: Answer<DeleteCommandOutput> };
  Query: { input: QueryCommandInput; output: Answer<QueryCommandOutput> };
  Scan: { input: ScanCommandInput; output: Answer<ScanCommandOutput> };
}

type Answer<Output> = Omit<Output, '$metadata'>;

export type Operation = keyof Requests;
export type Input<Name extends Operation> = Requests[Name]['input'];
export type Output<Name extends Operation> = Requests[Name]['output'];
