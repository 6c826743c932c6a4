import { gatewayAnswer, type RawAnswer } from './raw-answer.ts';
import type { Refusal } from './work-queue.ts';

/** Seconds after which whoever was refused may come again. */
export const RETRY_AFTER: Readonly<Record<Refusal, number>> = { caller: 1, full: 2 };

const answer = (status: number, message: string, seconds: number): RawAnswer =>
  gatewayAnswer(status, { message }, { 'retry-after': String(seconds) });

/** As API Gateway answers what its throttle refuses, and what finds no function; it says no time. */
export const REFUSED: Readonly<Record<Refusal, RawAnswer>> = {
  caller: answer(429, 'Too Many Requests', RETRY_AFTER.caller),
  full: answer(503, 'Service Unavailable', RETRY_AFTER.full),
};
