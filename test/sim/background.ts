import type { StreamAnswer, StreamEvent } from '../../lambdas/edge/audit.ts';
import type { Cloud } from './cloud.ts';
import { audit } from './functions.ts';
import type { Outcome } from './instance.ts';
import { strikes } from './world.ts';

/** As the event source mapping is set up. */
const WINDOW_MS = 5_000;
const AUDIT_MS = 60_000;
const ATTEMPTS = 6;
const RETRY_MS = 1_000;

const SWEEP_EVERY_MS = 60_000;

/** DynamoDB deletes what has expired within days, in no order: some at once, some never in a run. */
const LATENESS_MS = [0, 5_000, 60_000, Number.POSITIVE_INFINITY] as const;

type Records = StreamEvent['Records'];

/** The table's stream and the audit that reads it: in order, at least once, one batch at a time. */
export function followStream(cloud: Cloud): void {
  const { world, table, code } = cloud;
  const waiting: Records = [];
  let busy = false;
  let count = 0;

  table.watch(({ pk, sk, before, after }) => {
    if (before || !after || !code.keys.sighting(pk)) return;
    const Keys = { pk: { S: pk }, sk: { S: sk } };
    waiting.push({ eventName: 'INSERT', dynamodb: { Keys, SequenceNumber: String(++count) } });
    if (waiting.length === 1 && !busy) world.timeline.in(WINDOW_MS, flush);
  });

  function flush(): void {
    if (busy || waiting.length === 0) return;
    busy = true;
    process(waiting.splice(0, 100), 1);
  }

  function process(batch: Records, attempt: number): void {
    world.trace('stream', () => `brings ${batch.length} records, attempt ${attempt}`);
    cloud.invoke(
      'audit',
      AUDIT_MS,
      undefined,
      (ports) => audit(code, ports, { Records: batch }),
      (outcome) => {
        const left = strikes(world, world.profile.invokeFault) ? batch : remaining(batch, outcome);
        if (left.length > 0 && attempt < ATTEMPTS) {
          world.timeline.in(RETRY_MS, () => process(left, attempt + 1));
          return;
        }
        busy = false;
        if (waiting.length > 0) world.timeline.in(WINDOW_MS, flush);
      },
    );
  }
}

/** What Lambda brings again: all from the first record that failed. */
function remaining(batch: Records, outcome: Outcome<StreamAnswer>): Records {
  if ('error' in outcome) return batch;
  const failed = new Set(outcome.value.batchItemFailures.map((item) => item.itemIdentifier));
  const first = batch.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
  return first < 0 ? [] : batch.slice(first);
}

/** Deletes what has expired, in DynamoDB's own time. */
export function deleteExpired({ world, table }: Cloud): void {
  const { timeline, random } = world;
  table.watch(({ pk, sk, after }) => {
    if (after?.expiresAt === undefined) return;
    const late = random.pick(LATENESS_MS);
    if (late === Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, Number(after.expiresAt) * 1_000 - timeline.now);
    timeline.in(wait + random.between(0, late), () => table.expire(pk, sk));
  });
}

/** The schedule that looks for expiring tokens once a minute. */
export function sweepRegularly(cloud: Cloud): void {
  const { timeline, random } = cloud.world;
  const sweep = () => {
    cloud.invoke(
      'token-expiry',
      60_000,
      undefined,
      (ports) => cloud.code.sweepExpiringTokens(ports),
      () => undefined,
    );
    timeline.in(SWEEP_EVERY_MS, sweep);
  };
  timeline.in(random.between(0, SWEEP_EVERY_MS), sweep);
}
