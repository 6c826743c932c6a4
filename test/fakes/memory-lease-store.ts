import type { Lease, LeaseStore } from '../../lambdas/chat/ports/lease-store.ts';

/** Leases in memory. A lease that nobody holds has the owner '' and ran out at 0. */
export function memoryLeaseStore(): LeaseStore {
  const leases = new Map<string, Lease>();

  const leaseOf = (room: string): Lease => leases.get(room) ?? unused(room);

  function write(lease: Lease): Lease {
    leases.set(lease.room, lease);
    return { ...lease };
  }

  return {
    async take(room, owner, now, until, drafted) {
      const lease = leaseOf(room);
      // The same owner's is the same write, tried again.
      if (lease.owner !== '' && lease.until > now && lease.owner !== owner) return 'held';
      return write({ ...lease, owner, until, drafts: lease.drafts + (drafted ? 1 : 0) });
    },

    async mark(room, now, drafted) {
      const lease = leaseOf(room);
      if (lease.owner === '' || lease.until <= now) return 'free';
      const drafts = lease.drafts + (drafted ? 1 : 0);
      write({ ...lease, wanted: lease.wanted + 1, drafts });
      return 'marked';
    },

    async claim(room, from, to, until) {
      const lease = leaseOf(room);
      const mayClaim = lease.owner !== '' && (lease.owner === from || lease.owner === to);
      return mayClaim ? write({ ...lease, owner: to, until }) : 'lost';
    },

    async advance({ room, owner }, { pumped, drained, shards, members }, until) {
      const lease = leaseOf(room);
      if (lease.owner !== owner) return 'lost';
      return write({ ...lease, pumped, drained, shards, members, until });
    },

    async release({ room, owner, wanted }, { pumped, drained, shards, members }) {
      const lease = leaseOf(room);
      if (lease.owner !== owner) return 'lost';
      if (lease.wanted !== wanted) return 'wanted';
      write({ ...lease, pumped, drained, shards, members, owner: '', until: 0 });
      return 'released';
    },

    async noteHead(room, seq) {
      const lease = leaseOf(room);
      write({ ...lease, head: Math.max(lease.head, seq) });
    },

    async find(room) {
      return { ...leaseOf(room) };
    },

    async shards(room) {
      return leaseOf(room).shards;
    },
  };
}

const unused = (room: string): Lease => ({
  room,
  owner: '',
  until: 0,
  pumped: 0,
  wanted: 0,
  drafts: 0,
  drained: 0,
  shards: 1,
  members: 0,
  head: 0,
});
