import type { FanOutReport } from '../chat/ports/fan-out.ts';
import type { FanOutJob } from '../chat/ports/relay.ts';
import { postShard, type ShardReport } from '../chat/post-shard.ts';
import { resumePump } from '../chat/pump.ts';
import { relayBudget } from '../chat/pump-budget.ts';
import type { PumpPorts } from '../chat/pump-round.ts';
import { describe, journaled, type Notes, noteFanOut } from './journal.ts';
import type { Observed } from './observed.ts';
import { shell } from './shell.ts';

/** The fanout function: goes on with a room's pump, or posts to one shard for another. */
export function fanOutHandler(services: PumpPorts & Observed) {
  return shell<FanOutJob, ShardReport | FanOutReport>(services).handler((job, context) => {
    const room = job.kind === 'resume' ? job.room : job.task.room;
    const notes: Notes = { room, requestId: context.awsRequestId };
    return journaled(services, `fanout ${job.kind}`, notes, async () => {
      const report =
        job.kind === 'shard'
          ? await postShard(services, job.task)
          : await resume(services, job, context.getRemainingTimeInMillis());
      noteFanOut(notes, report);
      // An Error would travel as an empty object.
      return 'fault' in report ? { ...report, fault: describe(report.fault) } : report;
    });
  });
}

const resume = (
  services: PumpPorts,
  { room, ticket }: Extract<FanOutJob, { kind: 'resume' }>,
  remainingMs: number,
) => resumePump(services, room, ticket, relayBudget(services.clock, remainingMs));
