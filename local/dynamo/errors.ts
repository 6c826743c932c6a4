import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';

/** As DynamoDB answers a request that it doesn't take, with 400. */
export const invalid = (message: string): Error => fault('ValidationException', message);

/** @param name by which clients know what went wrong; all of these are answered with 400 */
export const fault = (name: string, message: string): Error =>
  new DynamoDBServiceException({
    name,
    message,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });

export const conditionFailed = (): Error =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: { httpStatusCode: 400 },
  });
