import type { GatewayLog } from './gateway-log.ts';
import { isRecord } from './lambda-answer.ts';
import type { Refusal } from './work-queue.ts';

/** As much of Lambda's context as handlers use here. */
export interface LambdaContext {
  awsRequestId: string;
  functionName: string;
  getRemainingTimeInMillis(): number;
}

export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

export type LambdaOutcome =
  | { kind: 'answered'; answer: unknown }
  | { kind: 'failed' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'timed out' };

export interface LambdaCall {
  handler: LambdaHandler;
  event: object;
  /** The route whose handler it is. */
  routeKey: string;
  requestId: string;
}

export type LambdaInvoke = (call: LambdaCall) => Promise<LambdaOutcome>;

/**
 * Calls handlers as Lambda does: event and answer cross as JSON, so a handler can neither share
 * objects with the gateway nor answer what JSON can't carry.
 */
export function lambdaInvoke(
  limits: { timeoutSeconds: number; answerBytes: number },
  log: GatewayLog,
): LambdaInvoke {
  return async ({ handler, event, routeKey, requestId }) => {
    const deadline = Date.now() + limits.timeoutSeconds * 1000;
    const context: LambdaContext = {
      awsRequestId: requestId,
      functionName: `local-${routeKey.replace(/[^A-Za-z0-9]+/g, '-')}`,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    try {
      const running = run(handler, JSON.parse(JSON.stringify(event)), context, limits.answerBytes);
      const outcome = await within(limits.timeoutSeconds, running);
      if (outcome.kind === 'timed out') {
        log(`handler of ${routeKey} did not answer within ${limits.timeoutSeconds} s`);
      }
      return outcome;
    } catch (error) {
      log(`handler of ${routeKey} failed`, error);
      return { kind: 'failed' };
    }
  };
}

async function run(
  handler: LambdaHandler,
  event: unknown,
  context: LambdaContext,
  answerBytes: number,
): Promise<LambdaOutcome> {
  const answer = await handler(event, context);
  const { rest, body } = parted(answer);
  // JSON has no undefined; Lambda's runtime answers null for it.
  const text = JSON.stringify(rest) ?? 'null';
  // No character takes more than six bytes in JSON: mostly it need not be written to be told.
  const most = Buffer.byteLength(text) + (body === undefined ? 0 : 20 + body.length * 6);
  if (most > answerBytes && Buffer.byteLength(JSON.stringify(answer) ?? text) > answerBytes) {
    throw new RangeError(`Lambda answers at most ${answerBytes} bytes.`);
  }
  const read = JSON.parse(text);
  return { kind: 'answered', answer: body === undefined ? read : { ...read, body } };
}

/**
 * An answer's body apart: a text is the same on the other side of JSON, and to write and read one of a
 * megabyte would keep everybody waiting.
 */
function parted(answer: unknown): { rest: unknown; body?: string } {
  if (!isRecord(answer) || 'toJSON' in answer) return { rest: answer };
  const { body, ...rest } = answer;
  return typeof body === 'string' ? { rest, body } : { rest: answer };
}

async function within(seconds: number, running: Promise<LambdaOutcome>): Promise<LambdaOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<LambdaOutcome>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, { kind: 'timed out' });
  });
  try {
    // race() handles a rejection that comes after the timeout: the timeout was logged instead.
    return await Promise.race([running, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
