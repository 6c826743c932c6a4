import { keys } from '../lambdas/aws/keys.ts';
import type { EventLog } from '../lambdas/chat/ports/event-log.ts';
import type { Inbox } from '../lambdas/chat/ports/inbox.ts';
import type { StreamAnswer, StreamEvent } from '../lambdas/edge/audit.ts';
import type { WorkerContext, Workers } from './workers.ts';

type Audit = (event: StreamEvent, context: WorkerContext) => Promise<StreamAnswer>;

/** Records are collected for so long, like the batching window of the deployed audit. */
const WINDOW_MS = 5_000;

/**
 * The table's stream, as far as the audit reads it: the embedded database has none. What was
 * written shortly before the process was killed is seen again by `heads` of the clients' pings
 * and by the next message of the room.
 */
export class Stream {
  readonly #workers: Workers;
  readonly #audit: () => Audit;
  #records: StreamEvent['Records'] = [];
  #timer: NodeJS.Timeout | undefined;
  #written = 0;
  #closed = false;

  constructor(workers: Workers, audit: () => Audit) {
    this.#workers = workers;
    this.#audit = audit;
  }

  /** Services that leave word of what they write. */
  watch<Services extends { log: EventLog; inbox: Inbox }>(services: Services): Services {
    const { log, inbox } = services;
    return {
      ...services,
      log: {
        ...log,
        put: async (first, ...rest) => {
          const outcome = await log.put(first, ...rest);
          if (outcome === 'stored') this.#wrote(keys.log(first.room));
          return outcome;
        },
      },
      inbox: {
        ...inbox,
        enqueue: async (draft) => {
          await inbox.enqueue(draft);
          this.#wrote(keys.inbox(draft.room, 0));
        },
      },
    };
  }

  /** Reads no further. What is being audited goes on. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #wrote(pk: string): void {
    const SequenceNumber = String(this.#written++);
    this.#records.push({
      eventName: 'INSERT',
      dynamodb: { Keys: { pk: { S: pk } }, SequenceNumber },
    });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => this.#flush(), WINDOW_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    const Records = this.#records.splice(0);
    this.#workers.start(async () => {
      const { batchItemFailures } = await this.#audit()({ Records }, this.#workers.context());
      const [first] = batchItemFailures;
      if (!first) return;
      // Like Lambda: again from the first that failed.
      const from = Records.findIndex(
        ({ dynamodb }) => dynamodb?.SequenceNumber === first.itemIdentifier,
      );
      this.#records.unshift(...Records.slice(Math.max(0, from)));
      this.#schedule();
    });
  }
}
