import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { Clock, Random } from '../../lambdas/chat/ports/clock.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import { turn } from './fake-clock.ts';

/** Wrappers that give a log the troubles of a real one. */

/** Every call reaches the log, and its answer the caller, after `delay`. */
function delayed(log: EventLog, delay: () => Promise<void>): EventLog {
  async function through<Result>(call: () => Promise<Result>): Promise<Result> {
    await delay();
    const result = await call();
    await delay();
    return result;
  }
  return {
    put: (...events) => through(() => log.put(...events)),
    erase: (...args) => through(() => log.erase(...args)),
    readForward: (...args) => through(() => log.readForward(...args)),
    readBackward: (...args) => through(() => log.readBackward(...args)),
    newest: (rooms) => through(() => log.newest(rooms)),
    head: (room) => through(() => log.head(room)),
  };
}

/** Lets others come between at every call, as chance has it. */
export function interleaved(log: EventLog, random: Random): EventLog {
  return delayed(log, async () => {
    for (let turns = Math.floor(random.fraction() * 4); turns > 0; turns--) await turn();
  });
}

/** As slow as DynamoDB: 3 ms and, exponentially distributed, another 1.5 ms. */
export function asSlowAsDynamo(log: EventLog, clock: Clock, random: Random): EventLog {
  return delayed(log, () => clock.sleep((3 - 1.5 * Math.log(1 - random.fraction())) / 2));
}

/** What becomes of a put. */
export type PutTrouble =
  | 'none'
  /** It is stored, and the caller sees a fault. */
  | 'answer lost'
  /** It is stored, the SDK loses the answer, tries again and meets its own write. */
  | 'taken by itself'
  /** Nothing is stored, and the caller sees a fault. */
  | 'request lost';

/** @param trouble asked at each put; several events that are put together share it */
export function unreliable(log: EventLog, trouble: (first: RoomEvent) => PutTrouble): EventLog {
  return {
    ...log,
    async put(first, ...rest) {
      const happens = trouble(first);
      if (happens === 'request lost') throw new Error('The request was lost.');
      const outcome = await log.put(first, ...rest);
      if (happens === 'answer lost') throw new Error('The answer was lost.');
      return happens === 'taken by itself' ? 'taken' : outcome;
    },
  };
}

/** Somebody else is always faster, for the first `times` puts. */
export function contested(
  log: EventLog,
  rival: (seq: number) => RoomEvent,
  times = Number.POSITIVE_INFINITY,
): EventLog {
  let left = times;
  return {
    ...log,
    async put(first, ...rest) {
      if (left-- > 0) await log.put(rival(first.seq));
      return await log.put(first, ...rest);
    },
  };
}
