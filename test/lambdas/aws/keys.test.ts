import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ItemKind, type Key, keys, PARTITIONS } from '../../../lambdas/aws/keys.ts';

/** Names are any text here: the keys hold even where the rules for names would not. */
const name = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', '#', '%', '2', '3', '/', '0', 'LOG', 'CONN#', 'USER') }),
);

const asText = ({ pk, sk }: Key) => `${pk}\n${sk}`;

describe('keys', () => {
  test('of different things are different', () => {
    fc.assert(
      fc.property(name, name, name, name, (room, user, otherRoom, otherUser) => {
        fc.pre(room !== otherRoom || user !== otherUser);
        expect(asText(keys.member(room, user))).not.toBe(asText(keys.member(otherRoom, otherUser)));
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2 }), (names) => {
        const presences = (room: string) => keys.presences(room, 1);
        const inbox = (room: string) => keys.inbox(room, 1);
        for (const partition of [keys.log, keys.userConnections, presences, inbox]) {
          expect(new Set(names.map(partition)).size).toBe(names.length);
        }
      }),
    );
  });

  test('of different kinds never meet, whatever things are called', () => {
    fc.assert(
      fc.property(name, (any) => {
        const kinds = [
          keys.event(any, 1),
          keys.member(any, any),
          keys.lease(any),
          keys.presence(any, 0, any),
          keys.draft(any, 0, 1, any),
          keys.expiringConnection(1, any),
          keys.connection(any),
          keys.account(any),
          keys.loginAttempts({ userId: any, of: any }),
          keys.userConnection(any, any),
          keys.session(any),
          keys.ticket(any),
        ];
        expect(new Set(kinds.map(asText)).size).toBe(kinds.length);
      }),
    );
  });

  test('of shards differ', () => {
    expect(keys.presences('a', 1)).not.toBe(keys.presences('a', 10));
    expect(keys.presences('a#1', 0)).not.toBe(keys.presences('a', 1));
    expect(keys.inbox('a', 1)).not.toBe(keys.inbox('a', 10));
    expect(keys.inbox('a#1', 0)).not.toBe(keys.inbox('a', 1));
  });

  test('of a membership give the room back', () => {
    fc.assert(
      fc.property(name, (room) => {
        expect(keys.roomOfMember(keys.member(room, 'alice').pk)).toBe(room);
      }),
    );
  });

  test('of a lease give the room back, and no others do', () => {
    fc.assert(
      fc.property(name, (room) => {
        expect(keys.roomOfLease(keys.lease(room))).toBe(room);
        const others = [keys.member(room, 'PUMP'), keys.event(room, 1), keys.account(room)];
        for (const key of others) expect(keys.roomOfLease(key)).toBeUndefined();
      }),
    );
  });

  test('of events and drafts tell the room, and no others do', () => {
    fc.assert(
      fc.property(name, (room) => {
        expect(keys.sighting(keys.event(room, 1).pk)).toEqual({ room, kind: 'event' });
        expect(keys.sighting(keys.draft(room, 3, 1, 'id').pk)).toEqual({ room, kind: 'draft' });
        const others = [
          keys.lease(room),
          keys.member(room, room),
          keys.presence(room, 0, 'c'),
          keys.expiringConnection(1, 'c'),
          keys.connection('c'),
          keys.account(room),
          keys.session('s'),
          keys.ticket('h'),
        ];
        for (const { pk } of others) expect(keys.sighting(pk)).toBeUndefined();
      }),
    );
  });

  test('of drafts sort by when they were left', () => {
    const [early, late] = [999_999_999_999, 1_000_000_000_000];
    expect(keys.draft('a', 0, early, 'z').sk < keys.draft('a', 0, late, 'a').sk).toBe(true);
  });

  test('of events sort like their seqs', () => {
    const seq = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(seq, seq, (a, b) => {
        expect(keys.seq(a) < keys.seq(b)).toBe(a < b);
        expect(Number(keys.seq(a))).toBe(a);
      }),
    );
  });

  test('of a kind each begin as that kind does, and as no other', () => {
    const begins = (pk: string) =>
      Object.entries(PARTITIONS).flatMap(([kind, start]) =>
        (start.endsWith('#') ? pk.startsWith(start) : pk === start) ? [kind] : [],
      );
    const any = 'LOG#';
    const built: Record<ItemKind, Key> = {
      log: keys.event(any, 1),
      inbox: keys.draft(any, 0, 1, any),
      overlay: keys.overlay(any, 1),
      room: keys.lease(any),
      presence: keys.presence(any, 0, any),
      connection: keys.connection(any),
      userConnection: keys.userConnection(any, any),
      expiring: keys.expiringConnection(1, any),
      account: keys.account(any),
      attempts: keys.loginAttempts({ userId: any, of: any }),
      budget: keys.userBudget(any),
      superusers: keys.superusers,
      name: keys.name(any),
      look: keys.look(any),
      source: keys.source(any, any),
      session: keys.session(any),
      ticket: keys.ticket(any),
    };
    expect(begins(keys.member(any, any).pk)).toEqual(['room']);
    expect(Object.entries(built).map(([, { pk }]) => begins(pk))).toEqual(
      Object.keys(built).map((kind) => [kind]),
    );
  });

  test('begin as no kind that is not named', () => {
    const source = readFileSync(new URL('../../../lambdas/aws/keys.ts', import.meta.url), 'utf8');
    const [, builders = ''] = source.split('export const keys = {');
    expect(builders).toMatch(/pk: of\(/);
    expect(builders).not.toMatch(/[A-Z]#/);
  });
});
