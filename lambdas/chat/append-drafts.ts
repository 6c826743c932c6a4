import { ParlorError } from '../../protocol/errors.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import { GROUP_BYTES, GROUP_EVENTS } from '../../protocol/limits.ts';
import { ackFrame, errorFrame } from './answer-frames.ts';
import {
  type Appended,
  type AppendPorts,
  eventAt,
  eventsAfter,
  isSameEvent,
  requireFollows,
} from './append.ts';
import type { RoomEvent } from './event.ts';
import type { Kinds } from './overlay.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';
import type { Head } from './ports/event-log.ts';
import type { Inbox, QueuedDraft } from './ports/inbox.ts';
import type { Meter } from './ports/meter.ts';
import { jsonBytes, within } from './size.ts';

/**
 * Group append, for rooms in which more write at once than one slot after the other can take
 * (near 200 a second). A writer who has lost a few slots leaves its draft in the room's inbox;
 * whoever holds the lease puts the drafts in the log, many in one conditional put, and answers
 * their senders.
 *
 * The promises are those of `append`: a draft's writer had searched the log up to `searched`, and
 * here it is searched from there to the head before each put, so what an earlier attempt, or
 * another holder, has stored is found and not stored again.
 */
export interface DraftPorts extends AppendPorts {
  inbox: Inbox;
  gateway: ConnectionGateway;
  meter: Meter;
}

/** Drafts that become events of one item. Both weigh about the same. */
const GROUP = { count: GROUP_EVENTS, bytes: GROUP_BYTES, bytesOf: jsonBytes };

/** Groups put in one go; then the room is due a round of posts. */
const GROUPS = 10;

/** Rivals are writers that have not found out yet that the room is hot: few, and not for long. */
const ATTEMPTS = 10;

/** What became of a draft. */
type Outcome = Appended | ParlorError;

/** @returns whether the inbox was emptied, or more may be left in it */
export async function appendDrafts(ports: DraftPorts, room: string): Promise<'all' | 'some'> {
  for (let groups = 0; groups < GROUPS; groups++) {
    const left = await ports.inbox.read(room, GROUP_EVENTS);
    const drafts = within(left, GROUP);
    if (drafts.length === 0) return 'all';
    const outcomes = await appendGroup(ports, room, drafts);
    // Only now: until here they are the only trace of what their senders said.
    await ports.inbox.remove(drafts);
    const oldest = Math.min(...drafts.map(({ leftAt }) => leftAt));
    ports.meter.measure('AppendLatency', ports.clock.now() - oldest);
    await answerAll(ports.gateway, outcomes);
    if (drafts.length === left.length && left.length < GROUP_EVENTS) return 'all';
  }
  return 'some';
}

async function appendGroup(
  { log, clock, random, kinds }: DraftPorts,
  room: string,
  drafts: readonly QueuedDraft[],
): Promise<Map<QueuedDraft, Outcome>> {
  // The event before comes along, for the time that ours may not fall behind.
  const from = Math.max(0, Math.min(...drafts.map(({ searched }) => searched)) - 1);
  // So far the log had grown. If it ends before, the rest has expired, and its seqs are not free.
  const grown = Math.max(...drafts.map(({ searched }) => searched));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const stored: RoomEvent[] = [];
    for await (const event of eventsAfter(log, room, from)) stored.push(event);
    const newest = stored.at(-1);
    const head = newest && newest.seq >= grown ? newest : await log.head(room);
    const { outcomes, fresh } = settle(kinds, drafts, stored, head, clock.now());
    if (fresh.length > 1) for (const event of fresh) event.crowded = true;
    const [first, ...rest] = fresh;
    if (!first || (await log.put(first, ...rest)) === 'stored') return outcomes;
    await clock.sleep(random.fraction() * 2 ** attempt);
  }
  throw new Error('Other writers took every slot that a group was put at.');
}

/** Finds each draft's event among those stored, or makes it one at the next seq. */
function settle(
  kinds: Kinds,
  drafts: readonly QueuedDraft[],
  stored: readonly RoomEvent[],
  end: Head,
  now: number,
): { outcomes: Map<QueuedDraft, Outcome>; fresh: RoomEvent[] } {
  const outcomes = new Map<QueuedDraft, Outcome>();
  const fresh: RoomEvent[] = [];
  let head: Head = end;
  for (const draft of drafts) {
    const known = findSame(kinds, [...stored, ...fresh], draft);
    if (known) {
      outcomes.set(draft, known);
      continue;
    }
    const event = eventAt(draft, draft.id, head, now);
    head = event;
    fresh.push(event);
    outcomes.set(draft, { event, duplicate: false });
  }
  return { outcomes, fresh };
}

/** Its event, if it is stored, or why it can't be. */
function findSame(
  kinds: Kinds,
  events: readonly RoomEvent[],
  draft: QueuedDraft,
): Outcome | undefined {
  try {
    const event = events.find((candidate) => isSameEvent(candidate, draft));
    if (event) return { event, duplicate: event.id !== draft.id };
    for (const other of events) {
      if (other.seq > draft.searched) requireFollows(kinds, draft, other);
    }
    return undefined;
  } catch (error) {
    if (error instanceof ParlorError) return error;
    throw error;
  }
}

/**
 * Tells the senders. Each post that fails is counted by the gateway, as PostsFailed; its sender asks
 * again, and gets the original.
 */
async function answerAll(
  gateway: ConnectionGateway,
  outcomes: ReadonlyMap<QueuedDraft, Outcome>,
): Promise<void> {
  // Told by those counts.
  await Promise.allSettled(
    [...outcomes].map(async ([{ reply }, outcome]) => {
      if (!reply) return;
      const frame: ServerFrame =
        outcome instanceof ParlorError
          ? errorFrame(outcome, reply.ref)
          : ackFrame(outcome.event, outcome.duplicate, reply.ref);
      await gateway.post(reply.connectionId, JSON.stringify(frame));
    }),
  );
}
