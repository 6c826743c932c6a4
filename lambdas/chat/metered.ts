import type { ConnectionGateway, PostOutcome } from './ports/connection-gateway.ts';
import type { EventLog } from './ports/event-log.ts';
import type { Count, Meter } from './ports/meter.ts';

const POSTS: Record<PostOutcome, Count> = {
  delivered: 'PostsDelivered',
  gone: 'PostsGone',
  slow: 'PostsSlow',
  throttled: 'PostsThrottled',
};

/** A log that counts what is stored and which slots were lost. */
export function meteredLog(log: EventLog, meter: Meter): EventLog {
  return {
    ...log,
    async put(...events) {
      const outcome = await log.put(...events);
      if (outcome === 'taken') meter.count('AppendConflicts');
      else meter.count('MessagesStored', events.filter(({ type }) => type === 'message').length);
      return outcome;
    },
  };
}

/** A gateway that counts posts: every one, also those that are tried again. */
export function meteredGateway(gateway: ConnectionGateway, meter: Meter): ConnectionGateway {
  return {
    async post(connectionId, frame) {
      try {
        const outcome = await gateway.post(connectionId, frame);
        meter.count(POSTS[outcome]);
        return outcome;
      } catch (fault) {
        meter.count('PostsFailed');
        throw fault;
      }
    },
    isOpen: (connectionId) => gateway.isOpen(connectionId),
    close: (connectionId) => gateway.close(connectionId),
  };
}
