import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import type { WireAnswer } from './exchange.ts';

/** What the SDK hangs on every answer and every failure. */
export interface Metadata {
  httpStatusCode: number;
  requestId?: string | undefined;
  attempts?: number;
  totalRetryDelay?: number;
}

export const metadataOf = ({ status, headers }: WireAnswer): Metadata => ({
  httpStatusCode: status,
  requestId: headers['x-amzn-requestid']?.toString(),
});

/**
 * An answer that is no success, as the SDK throws it: by its name, with the service's words, and with
 * whatever else its body tells.
 *
 * @param body undefined when it is no JSON object
 */
export function failureOf(
  answer: WireAnswer,
  body: Readonly<Record<string, unknown>> | undefined,
): DynamoDBServiceException {
  const { __type, message, Message, ...further } = body ?? {};
  const name = nameIn(__type ?? body?.code ?? answer.headers['x-amzn-errortype']);
  const options = {
    message: String(message ?? Message ?? 'UnknownError'),
    $metadata: { ...metadataOf(answer), requestId: metadataOf(answer).requestId ?? '' },
  };
  const failure =
    name === 'ConditionalCheckFailedException'
      ? new ConditionalCheckFailedException(options)
      : new DynamoDBServiceException({
          ...options,
          name,
          $fault: answer.status < 500 ? 'client' : 'server',
        });
  const kept = Object.entries(further).filter(([member]) => Reflect.get(failure, member) == null);
  return Object.assign(failure, Object.fromEntries(kept));
}

/** com.amazonaws.dynamodb.v20120810#Name, or Name:http://…, or a number as a front server has it. */
function nameIn(told: unknown): string {
  const text = Array.isArray(told) ? told[0] : told;
  const [words = ''] = String(text ?? '').split(/[:,]/);
  return words.split('#').at(-1) || 'Unknown';
}

/** A call that took too long. Its name and code are those of the SDK's. */
export const timeoutOf = (message: string): Error =>
  Object.assign(new Error(message), { name: 'TimeoutError', code: 'ETIMEDOUT' });

/** An answer that can't be what was sent. It counts as a broken connection: the call is made again. */
export const brokenAnswer = (message: string): Error =>
  Object.assign(new Error(message), { name: 'BrokenAnswerError', code: 'ECONNRESET' });
