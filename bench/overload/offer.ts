import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Sender } from './sender.ts';

/** What is offered: so many messages a second, by all senders in turn. */
export interface Offer {
  perSecond: number;
  seconds: number;
}

/** What became of it. */
export interface Outcome {
  offered: number;
  /** The clientIds of what was acknowledged. */
  acknowledged: Set<string>;
  /** From send to acknowledgement, in milliseconds. */
  latencies: number[];
  /** Refused with a code of ours, by that code. */
  refused: Map<string, number>;
  /** Frames without a type: the gateway's word that a function failed or took too long. */
  failed: number;
  /** From send to refusal, in milliseconds. */
  refusals: number[];
  /** No answer came in time. */
  unanswered: number;
  /** How many sockets were closed meanwhile. */
  closed: number;
}

/** Sends at a steady rate whatever comes back, as a crowd does; then waits until all is answered. */
export async function offer(
  senders: readonly Sender[],
  { perSecond, seconds }: Offer,
  patienceMs: number,
): Promise<Outcome> {
  const outcome: Outcome = {
    offered: perSecond * seconds,
    acknowledged: new Set(),
    latencies: [],
    refused: new Map(),
    failed: 0,
    refusals: [],
    unanswered: 0,
    closed: 0,
  };
  const sentAt = new Map<string, number>();
  const listen = (answer: Answer) => {
    if (answer.type === undefined) outcome.failed++;
    const id = idOf(answer) ?? '';
    const sent = sentAt.get(id);
    // An answer that has come before, or is to nothing in particular.
    if (sent === undefined || !sentAt.delete(id)) return;
    const ms = performance.now() - sent;
    if (answer.type === 'ack') {
      outcome.acknowledged.add(id);
      outcome.latencies.push(ms);
    } else if (answer.type === 'error') {
      outcome.refused.set(answer.code, (outcome.refused.get(answer.code) ?? 0) + 1);
      outcome.refusals.push(ms);
    }
  };
  for (const sender of senders) sender.onAnswer = listen;
  const start = performance.now();
  for (let n = 0; n < outcome.offered; n++) {
    await sleep(Math.max(0, start + (n * 1_000) / perSecond - performance.now()));
    const clientId = `m-${start}-${n}`;
    sentAt.set(clientId, performance.now());
    senders[n % senders.length]?.send(`message ${n}`, clientId);
  }
  const deadline = performance.now() + patienceMs;
  while (sentAt.size > 0 && performance.now() < deadline) await sleep(20);
  outcome.closed = senders.filter(({ open }) => !open).length;
  outcome.unanswered = sentAt.size;
  return outcome;
}

const idOf = (answer: Answer): string | undefined =>
  answer.type === 'ack' ? answer.clientId : answer.type === 'error' ? answer.ref : undefined;
