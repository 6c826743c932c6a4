import type {
  ConnectionGateway,
  PostOutcome,
} from '../../lambdas/chat/ports/connection-gateway.ts';
import { turn } from './fake-clock.ts';

/**
 * How a connection behaves. `gone` has ended; `gone but open` gets a 410 and lives on, as has been
 * seen on AWS; an Error is a fault of ours, thrown by every method.
 */
export type Behaviour = 'delivered' | 'slow' | 'throttled' | 'gone' | 'gone but open' | Error;

export interface FakeConnectionGateway extends ConnectionGateway {
  /** From now on this connection behaves so. All behave like `delivered` until told otherwise. */
  set(connectionId: string, behaviour: Behaviour): void;
  /** The next posts to this connection end so, one after the other, before all is as it was. */
  next(connectionId: string, ...behaviours: Behaviour[]): void;
  /** The frames that were delivered to a connection, oldest first, as text. */
  framesTo(connectionId: string): readonly string[];
  /** Ids in the order in which they were posted to, whatever came of it. */
  readonly posted: readonly string[];
  /** Ids that were asked after. */
  readonly asked: readonly string[];
  /** Ids of connections that were ended. */
  readonly closed: readonly string[];
  /** The most posts that were under way at once. */
  readonly mostAtOnce: number;
  /** Posts that have not ended yet. */
  readonly underWay: number;
}

export function fakeConnectionGateway(): FakeConnectionGateway {
  const behaviours = new Map<string, Behaviour>();
  const upcoming = new Map<string, Behaviour[]>();
  const frames = new Map<string, string[]>();
  const posted: string[] = [];
  const asked: string[] = [];
  const closed: string[] = [];
  let underWay = 0;
  let mostAtOnce = 0;

  function deliver(connectionId: string, frame: string): PostOutcome {
    const behaviour =
      upcoming.get(connectionId)?.shift() ?? behaviours.get(connectionId) ?? 'delivered';
    if (behaviour instanceof Error) throw behaviour;
    if (behaviour === 'gone but open') return 'gone';
    if (behaviour !== 'delivered') return behaviour;
    frames.set(connectionId, [...(frames.get(connectionId) ?? []), frame]);
    return 'delivered';
  }

  return {
    set: (connectionId, behaviour) => void behaviours.set(connectionId, behaviour),
    next: (connectionId, ...few) => void upcoming.set(connectionId, few),
    framesTo: (connectionId) => frames.get(connectionId) ?? [],
    posted,
    asked,
    closed,
    get mostAtOnce() {
      return mostAtOnce;
    },
    get underWay() {
      return underWay;
    },

    async post(connectionId, frame) {
      posted.push(connectionId);
      underWay++;
      mostAtOnce = Math.max(mostAtOnce, underWay);
      // An answer never comes at once.
      await turn();
      underWay--;
      return deliver(connectionId, frame);
    },

    async isOpen(connectionId) {
      asked.push(connectionId);
      const behaviour = behaviours.get(connectionId);
      if (behaviour instanceof Error) throw behaviour;
      return behaviour !== 'gone';
    },

    async close(connectionId) {
      const behaviour = behaviours.get(connectionId);
      if (behaviour instanceof Error) throw behaviour;
      closed.push(connectionId);
      behaviours.set(connectionId, 'gone');
    },
  };
}
