/** A known mistake, planted to see that the simulator finds it. */
export interface Mistake {
  name: string;
  /** The promises that it breaks; which of them is seen first depends on the seed. */
  breaks: readonly string[];
  /** Each text stands once in its file. */
  changes: { file: string; from: string; to: string }[];
}

const APPEND = 'lambdas/chat/append.ts';
const DRAFTS = 'lambdas/chat/append-drafts.ts';
const PUMP = 'lambdas/chat/pump-round.ts';
const SHARD = 'lambdas/chat/post-shard.ts';
const AUDIT = 'lambdas/chat/audit.ts';
const LEASES = 'lambdas/aws/lease-store.ts';
const PRESENCES = 'lambdas/aws/connection-store.ts';
const LOG = 'lambdas/aws/event-log.ts';

const ROOM = 'client/joined-room.ts';
const ONCE_IN_ORDER = 'the application sees every event once, in order';
const WRITTEN = 'one’s own messages stand in the order of writing';
const ANSWERED = 'every message is answered';
const SAID = 'whatever was said and kept is stored';
const STORED_ONCE = 'a message is stored once';
const ACKNOWLEDGED = 'what is acknowledged is in the log';
const PUMPED = 'no event is left without a pump';
const TRUTH = '`pumped` tells the truth';
const EXACTLY = 'everyone ends with exactly the log';
const CONNECTED = 'whoever is connected stays';
const INBOX = 'no draft is left in the inbox';
const KEPT = 'a draft that was left is stored';
const ORDER = 'frames come in order';
const OLD = 'an old client sees what is said';
const ONCE = 'where nothing fails, one attempt is enough';
const TOKEN = 'nobody gets events past his token';
const MARKER = 'nobody gets another room’s events';
const REFUSED = 'who follows the protocol is not refused';
const TWICE = 'no seq is given twice';

const COUNTED = 'an event counts the messages';

const one = (
  name: string,
  breaks: readonly string[],
  file: string,
  from: string,
  to: string,
): Mistake => ({ name, breaks, changes: [{ file, from, to }] });

export const MISTAKES: readonly Mistake[] = [
  one(
    'no inspection of a lost slot',
    [STORED_ONCE],
    APPEND,
    'if (isSameEvent(other, event)) return { event: other, duplicate: other.id !== id };',
    '',
  ),
  one(
    'no search for an earlier attempt',
    [STORED_ONCE],
    APPEND,
    'if (isSameEvent(event, sent)) return event;',
    '',
  ),
  one(
    'counters of a head that others have passed',
    [COUNTED],
    APPEND,
    'const event = eventAt(draft, id, head, clock.now());',
    'const event = eventAt(draft, id, { ...head, n: known.n }, clock.now());',
  ),
  one(
    'counters that end with the group before',
    [COUNTED],
    DRAFTS,
    'head = event;',
    'head = { ...event, n: end.n };',
  ),
  one(
    'a lease that keeps its first counters',
    [COUNTED],
    PUMP,
    'counters: last ? countersOf(last) : lease.counters,',
    'counters: lease.counters,',
  ),
  one(
    'acknowledged before the put',
    [ACKNOWLEDGED, ORDER, OLD, TRUTH, PUMPED],
    APPEND,
    "if ((await log.put(event)) === 'stored') return { event, duplicate: false };",
    'void log.put(event).catch(() => undefined); return { event, duplicate: false };',
  ),
  one(
    'release without its condition',
    [PUMPED],
    LEASES,
    "'#owner = :owner AND wanted = :wanted',",
    "'#owner = :owner AND (wanted = :wanted OR attribute_exists(pk))',",
  ),
  one(
    'mark without its condition',
    [PUMPED],
    LEASES,
    "'attribute_exists(#owner) AND #until > :now',",
    "'attribute_exists(pk) OR #until > :now OR attribute_not_exists(#owner)',",
  ),
  one(
    'a lease that never runs out',
    [PUMPED],
    LEASES,
    'attribute_not_exists(#owner) OR #until <= :now OR',
    'attribute_not_exists(#owner) OR #until < :zero AND #until <= :now OR',
  ),
  one(
    'only the first page of connections',
    [TRUTH, OLD, EXACTLY],
    SHARD,
    'yield* page;',
    'yield* page; return;',
  ),
  one(
    'eviction without confirmation',
    [CONNECTED],
    SHARD,
    ' || (await gateway.isOpen(presence.connectionId))) return;',
    ') return;',
  ),
  one(
    'eviction of a young connection',
    [CONNECTED],
    SHARD,
    'if (isYoung(presence, clock.now()) || (',
    'if ((',
  ),
  {
    name: 'the sender deleted in place of the gone one',
    breaks: [CONNECTED],
    changes: [
      {
        file: 'lambdas/chat/publish.ts',
        from: 'const id = ports.random.id();',
        to: 'const id = ports.random.id(); if (reply) Object.assign(ports.clock, { sender: reply.connectionId });',
      },
      {
        file: SHARD,
        from: 'await connections.remove(presence.connectionId, { room, shard });',
        to: 'const { sender } = clock as { sender?: string }; await connections.remove(sender ?? presence.connectionId, { room, shard });',
      },
    ],
  },
  one(
    'a pump that stops at its first failing post',
    [TRUTH, OLD, EXACTLY],
    SHARD,
    'report[await serve(ports, task, presence, pace)]++;',
    'if (report.failed + report.gone > 0) return; report[await serve(ports, task, presence, pace)]++;',
  ),
  one(
    'an un-awaited post',
    [TRUTH],
    SHARD,
    'report[await serve(ports, task, presence, pace)]++;',
    'report.delivered++; void serve(ports, task, presence, pace).catch(() => undefined);',
  ),
  one(
    'an audit that trusts whoever holds the lease',
    [PUMPED, INBOX, KEPT],
    AUDIT,
    'await clock.sleep(LOOK_EVERY_MS);',
    "if (!rescued) return 'pumped'; await clock.sleep(LOOK_EVERY_MS);",
  ),
  one(
    '`pumped` moved before the posts, for the audit to trust',
    [TRUTH],
    PUMP,
    'const round = await postRound(ports, lease, events);',
    'await ports.leases.advance(lease, { ...lease, pumped: events.at(-1)?.seq ?? lease.pumped }, lease.until); const round = await postRound(ports, lease, events);',
  ),
  one(
    'an audit that does nothing',
    [PUMPED, INBOX, KEPT],
    AUDIT,
    'const head = await log.head(room);',
    "const head = await log.head(room); if (head.seq >= 0) return 'pumped';",
  ),
  one(
    'no replay after subscribing',
    [EXACTLY],
    ROOM,
    'if (this.#loaded) this.#log.catchUp(head);',
    'if (this.#loaded && this.#log.feed.started) this.#nothingMissing();',
  ),
  one(
    'events are shown as they come',
    [ONCE_IN_ORDER],
    'client/feed.ts',
    'taken.push(...this.#take());',
    'taken.push(event); this.#upTo = event.seq;',
  ),
  {
    name: '`after` moves over what was not read',
    breaks: [STORED_ONCE, WRITTEN],
    changes: [
      {
        file: 'client/delivery.ts',
        from: 'return after >= feed.readFrom ? feed.upTo : after;',
        to: 'return feed.upTo;',
      },
      // In rooms as short as those here, a reload would find every message in what is kept.
      { file: 'client/tail.ts', from: 'const LENGTH = 200;', to: 'const LENGTH = 1;' },
    ],
  },
  one(
    'two messages of a room on their way at once',
    [WRITTEN],
    'client/outbox.ts',
    "if (this.#drafts.some(({ status }) => status === 'sending')) return undefined;",
    '',
  ),
  one(
    'a message without an answer is not sent again',
    [ANSWERED, SAID],
    'client/delivery.ts',
    'this.#outbox.requeue(draft);\n    // Is the connection alive?\n    this.#deps.link.ping();',
    '',
  ),
  one(
    'the outbox does not survive a reload',
    [SAID],
    'client/outbox.ts',
    'void this.#withStore((store) => store.putOutbox(entry));',
    '',
  ),
  one(
    'a dead socket is not noticed',
    [EXACTLY, ANSWERED],
    'client/upkeep.ts',
    '    else this.#deps.dead();\n  }\n\n  #refused',
    '  }\n\n  #refused',
  ),
  one(
    'rooms are not joined again',
    [EXACTLY, ANSWERED],
    'client/parlor.ts',
    'this.#joins.joinAll(others.reverse());',
    '',
  ),
  one(
    'group append without a search from `searched`',
    [STORED_ONCE],
    DRAFTS,
    'const from = Math.max(0, Math.min(...drafts.map(({ searched }) => searched)) - 1);',
    'const from = Math.max(0, (await log.head(room)).seq - 1);',
  ),
  one(
    'drafts removed before they are in the log',
    [KEPT],
    DRAFTS,
    'const outcomes = await appendGroup(ports, room, drafts);',
    'await ports.inbox.remove(drafts); const outcomes = await appendGroup(ports, room, drafts);',
  ),
  {
    name: 'drafts acknowledged before they are in the log',
    breaks: [ACKNOWLEDGED],
    changes: [
      {
        file: DRAFTS,
        from: "if (!first || (await log.put(first, ...rest)) === 'stored') return outcomes;",
        to: "if (gateway) await answerAll(gateway, outcomes); if (!first || (await log.put(first, ...rest)) === 'stored') return outcomes;",
      },
      {
        file: DRAFTS,
        from: '{ log, clock, random, kinds }: DraftPorts,',
        to: '{ log, clock, random, kinds, gateway }: DraftPorts,',
      },
    ],
  },
  one(
    'an inbox given up before it is empty',
    [INBOX, KEPT, ONCE],
    PUMP,
    "return (await appendDrafts(ports, lease.room)) === 'all' ? lease.drafts : lease.drained;",
    'if (lease.drained > 0) return lease.drafts; await appendDrafts(ports, lease.room); return lease.drafts;',
  ),
  one(
    'a writer in a hot room that tells nobody of its draft',
    [INBOX, KEPT, ONCE],
    'lambdas/chat/publish.ts',
    'await ports.fanOut.wake(draft.room, true)',
    "{ by: 'nobody' as const, delivered: 0, gone: 0, slow: 0, failed: 0 }",
  ),
  one(
    'a drained inbox that is not looked at once more',
    [PUMPED, INBOX, KEPT, ONCE],
    'lambdas/chat/pump-round.ts',
    'if (drained !== lease.drained) await lookOnceMore(ports, renewed);',
    'if (drained < 0) await lookOnceMore(ports, renewed);',
  ),
  one(
    'posts to an expired token',
    [TOKEN],
    SHARD,
    'now >= task.until || now >= presence.authUntil;',
    'now >= task.until || presence.authUntil < 0;',
  ),
  one(
    'one key for the connections of all rooms',
    [MARKER, ORDER],
    'lambdas/aws/keys.ts',
    "of('presence', room)",
    "of('presence', '')",
  ),
  one(
    'a head that begins again when all has expired',
    [TWICE, REFUSED],
    LOG,
    'if (reached.seq <= found.seq) return found;',
    'if (reached.seq >= 0) return found;',
  ),
  one(
    'a search for an earlier attempt that ends at a hole',
    [STORED_ONCE],
    APPEND,
    'const page = await log.readForward(room, from, limit, full);',
    'const page = await log.readForward(room, from, limit, full); if (page[0] && page[0].seq > from + 1) return;',
  ),
  {
    name: 'a search for an earlier attempt that gives up where it gets long',
    breaks: [STORED_ONCE],
    changes: [
      {
        file: APPEND,
        from: 'if (bytes > DUPLICATE_SEARCH_BYTES && event.seq < head.seq) throw afterTooOld(draft.room);',
        to: 'if (bytes > DUPLICATE_SEARCH_BYTES && event.seq < head.seq) return undefined;',
      },
      // Rooms are short here, and so are their messages.
      {
        file: 'protocol/limits.ts',
        from: 'DUPLICATE_SEARCH_BYTES = 500_000;',
        to: 'DUPLICATE_SEARCH_BYTES = 600;',
      },
    ],
  },
  one(
    'a head that may lag',
    [REFUSED, STORED_ONCE, EXACTLY],
    LOG,
    'ConsistentRead: true,',
    'ConsistentRead: range.ScanIndexForward !== false,',
  ),
  one(
    'a list of connections that may lag',
    [TRUTH, OLD, EXACTLY],
    PRESENCES,
    `ConsistentRead: true,
          KeyConditionExpression: 'pk = :presences',`,
    `ConsistentRead: false,
          KeyConditionExpression: 'pk = :presences',`,
  ),
];
