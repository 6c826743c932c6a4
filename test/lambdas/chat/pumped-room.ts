import type { Settings } from '../../../lambdas/aws/config.ts';
import type { Connection } from '../../../lambdas/chat/connection.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { Lease, LeaseStore } from '../../../lambdas/chat/ports/lease-store.ts';
import { aConnection, anEvent } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

export const ROOM = 'lobby';

/** Services with these connections in the room, old enough to be believed gone. */
export async function aRoomWith(
  connections: readonly Partial<Connection>[],
  settings: Partial<Settings> = {},
): Promise<FakeServices> {
  const services = fakeServices({ roomPostsPerSecond: 100_000, ...settings });
  for (const [index, given] of connections.entries()) {
    await services.connections.add(aConnection({ id: `c${index + 1}`, ...given }));
  }
  services.clock.advance(60_000);
  return services;
}

/** Puts events of these seqs in the log, as writers do that die right after. */
export async function stored(services: FakeServices, ...seqs: number[]): Promise<RoomEvent> {
  let last = anEvent();
  for (const seq of seqs) {
    last = anEvent({ seq });
    await services.log.put(last);
  }
  return last;
}

/** The seqs that a `parlor.v1` connection was sent, in order. */
export function heard(
  { gateway }: { gateway: Pick<FakeServices['gateway'], 'framesTo'> },
  connectionId: string,
): number[] {
  return gateway.framesTo(connectionId).flatMap((text) => {
    const frame = JSON.parse(text) as { seq: number; events?: { seq: number }[] };
    return (frame.events ?? [frame]).map(({ seq }) => seq);
  });
}

/** Writes down the calls of the lease store from now on. */
export function leaseCalls(services: FakeServices): string[] {
  const calls: string[] = [];
  const noting =
    <Args extends unknown[], Result>(name: string, method: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls.push(name);
      return method(...args);
    };
  const { leases } = services;
  services.leases = {
    take: noting('take', leases.take),
    mark: noting('mark', leases.mark),
    claim: noting('claim', leases.claim),
    advance: noting('advance', leases.advance),
    release: noting('release', leases.release),
    noteHead: noting('noteHead', leases.noteHead),
    find: noting('find', leases.find),
    shards: noting('shards', leases.shards),
  };
  return calls;
}

/** Has something happen right before the first call of one method of the lease store. */
export function before(
  services: FakeServices,
  name: 'release' | 'advance' | 'take',
  happen: () => Promise<unknown>,
): void {
  const { leases } = services;
  let first = true;
  const method = leases[name] as (...args: unknown[]) => Promise<unknown>;
  services.leases = {
    ...leases,
    [name]: async (...args: unknown[]) => {
      if (first) {
        first = false;
        await happen();
      }
      return await method(...args);
    },
  } as LeaseStore;
}

/** Takes the lease for somebody else. */
export async function taken({ leases, clock }: FakeServices, owner = 'another'): Promise<Lease> {
  const lease = await leases.take(ROOM, owner, clock.now(), clock.now() + 15_000, false);
  if (lease === 'held') throw new Error('The lease is held.');
  return lease;
}

/** Leaves a room's lease behind as if it had been pumped so. */
export async function leaseWas(services: FakeServices, was: Partial<Lease>): Promise<void> {
  const lease = await taken(services);
  await services.leases.release(lease, { ...lease, ...was });
}
