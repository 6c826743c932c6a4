import { describe, expect, test } from '@jest/globals';
import { type AccountStore, CLAIM_WAITS_MS } from '../../lambdas/chat/ports/account-store.ts';
import { anAccount } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** @param open an empty store for each test */
export function accountStoreContract(name: string, open: () => Promise<AccountStore>): void {
  describe(`an account store ${name}`, () => {
    test('gives an account back as it was created', async () => {
      const store = await open();
      const account = anAccount({ username: 'Größe', superuser: true, disabled: true });
      expect(await store.create(account)).toBe('created');
      expect(await store.find(account.id)).toEqual(account);
      expect(await store.find('nobody')).toBeUndefined();
    });

    test('gives a name to one of twenty who want it at once', async () => {
      const store = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store.create(anAccount({ passwordHash: `hash ${n}` })),
        ),
      );
      const winners = outcomes.flatMap((outcome, n) => (outcome === 'created' ? [n] : []));
      expect(winners).toHaveLength(1);
      expect((await store.find('alice'))?.passwordHash).toBe(`hash ${winners[0]}`);
    });

    test('leaves an account as it is when its name is wanted again', async () => {
      const store = await open();
      const first = anAccount({ passwordHash: 'first' });
      await store.create(first);
      const second = anAccount({ passwordHash: 'second', superuser: true });
      expect(await store.create(second)).toBe('taken');
      expect(await store.find('alice')).toEqual(first);
    });

    test('answers a creation that is tried again like the first', async () => {
      const store = await open();
      await store.create(anAccount({ passwordHash: 'the same salt' }));
      expect(await store.create(anAccount({ passwordHash: 'the same salt' }))).toBe('created');
    });

    test('replaces a password hash only if it is still the one that was read', async () => {
      const store = await open();
      await store.create(anAccount({ passwordHash: 'old' }));
      await store.rehash('alice', 'not it', 'bad');
      expect((await store.find('alice'))?.passwordHash).toBe('old');
      await store.rehash('alice', 'old', 'new');
      expect(await store.find('alice')).toEqual(anAccount({ passwordHash: 'new' }));
      await store.rehash('nobody', 'old', 'new');
      expect(await store.find('nobody')).toBeUndefined();
    });

    test('disables an account and enables it again, and changes nothing else', async () => {
      const store = await open();
      const alice = anAccount({ superuser: true });
      const bob = anAccount({ username: 'Bob' });
      for (const account of [alice, bob]) await store.create(account);
      expect(await store.setDisabled('alice', true)).toBe('set');
      expect(await store.setDisabled('alice', true)).toBe('set');
      // Each time ends all logins.
      expect(await store.find('alice')).toEqual({ ...alice, disabled: true, loginEpoch: 2 });
      expect(await store.find('bob')).toEqual(bob);
      expect(await store.setDisabled('alice', false)).toBe('set');
      expect(await store.find('alice')).toEqual({ ...alice, loginEpoch: 2 });
    });

    test('makes a superuser of somebody, and takes it back', async () => {
      const store = await open();
      await store.create(anAccount());
      expect(await store.setSuperuser('alice', true)).toBe('set');
      expect(await store.find('alice')).toEqual(anAccount({ superuser: true }));
      expect(await store.setSuperuser('alice', false)).toBe('set');
      expect(await store.find('alice')).toEqual(anAccount());
      expect(await store.setSuperuser('nobody', true)).toBe('missing');
      expect(await store.find('nobody')).toBeUndefined();
    });

    test('changes a password, and ends the logins that began with the old one', async () => {
      const store = await open();
      await store.create(anAccount({ passwordHash: 'old' }));
      expect(await store.setPassword('alice', 'new')).toBe('set');
      expect(await store.find('alice')).toEqual(anAccount({ passwordHash: 'new', loginEpoch: 1 }));
    });

    test('gives no password to who has none', async () => {
      const store = await open();
      await store.recordOutside('corp:1', 'alice (corp)', 1_000);
      expect(await store.setPassword('corp:1', 'new')).toBe('missing');
      expect(await store.setPassword('nobody', 'new')).toBe('missing');
      expect((await store.find('corp:1'))?.passwordHash).toBeUndefined();
    });

    test('neither disables nor makes an account that there is not', async () => {
      const store = await open();
      expect(await store.setDisabled('nobody', true)).toBe('missing');
      expect(await store.setDisabled('nobody', false)).toBe('missing');
      expect(await store.find('nobody')).toBeUndefined();
      expect(await store.create(anAccount({ id: 'nobody' }))).toBe('created');
    });

    test("makes an account of another issuer's user once, and then changes the name only", async () => {
      const store = await open();
      const account = { id: 'corp:A-1', disabled: false, superuser: false, createdAt: 1_000 };
      await Promise.all(
        Array.from({ length: 5 }, () => store.recordOutside('corp:A-1', 'alice (corp)', 1_000)),
      );
      expect(await store.find('corp:A-1')).toEqual({ ...account, username: 'alice (corp)' });
      await store.setDisabled('corp:A-1', true);
      await store.recordOutside('corp:A-1', 'alice.b (corp)', 2_000);
      expect(await store.find('corp:A-1')).toEqual({
        ...account,
        username: 'alice.b (corp)',
        disabled: true,
        loginEpoch: 1,
      });
    });

    test("gives another issuer's user one account for good, whether he is known or not", async () => {
      const store = await open();
      await store.recordOutside('django:2', 'bob (django)', 1_000);
      for (const id of ['django:1', 'django:2']) {
        expect(await store.link(id, 'alice', 2_000)).toBe('linked');
        expect(await store.link(id, 'alice', 3_000)).toBe('linked');
        expect(await store.link(id, 'mallory', 3_000)).toBe('other');
        expect(await store.find(id)).toMatchObject({ linkedTo: 'alice', disabled: false });
      }
      expect(await store.find('django:1')).toMatchObject({ createdAt: 2_000, superuser: false });
      expect((await store.findByShownName('bob (django)'))?.id).toBe('django:2');
    });

    test("finds another issuer's user by the name that he bears now", async () => {
      const store = await open();
      expect(await store.findByShownName('alice (corp)')).toBeUndefined();
      await store.recordOutside('corp:1', 'alice (corp)', 1_000);
      await store.recordOutside('corp:2', 'bob (corp)', 1_000);
      expect((await store.findByShownName('alice (corp)'))?.id).toBe('corp:1');
      await store.recordOutside('corp:1', 'alice.b (corp)', 2_000);
      expect(await store.findByShownName('alice (corp)')).toBeUndefined();
      expect((await store.findByShownName('alice.b (corp)'))?.id).toBe('corp:1');
      await store.recordOutside('corp:2', 'alice (corp)', 3_000);
      expect((await store.findByShownName('alice (corp)'))?.id).toBe('corp:2');
      await store.create(anAccount());
      expect(await store.findByShownName('Alice')).toBeUndefined();
    });

    test('keeps apart who is shown by names like keys', async () => {
      const store = await open();
      for (const name of HOSTILE_NAMES) await store.recordOutside(`corp:${name}`, name, 1_000);
      for (const name of HOSTILE_NAMES) {
        expect((await store.findByShownName(name))?.id).toBe(`corp:${name}`);
      }
    });

    test('gives a look to one of twenty who claim it at once, who may claim it again', async () => {
      const store = await open();
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) => store.claimLook('tom', `tom-${n}`, 1_000)),
      );
      expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
      const winner = `tom-${claims.indexOf('claimed')}`;
      expect(await store.claimLook('tom', winner, 2_000)).toBe('claimed');
      expect(await store.claimLook('tim', 'somebody', 2_000)).toBe('claimed');
    });

    test('gives a look on only when its account was not made for ten minutes', async () => {
      const store = await open();
      expect(await store.claimLook('tom', 'left', 1_000)).toBe('claimed');
      expect(await store.claimLook('tom', 'alice', CLAIM_WAITS_MS)).toBe('taken');
      expect(await store.claimLook('tom', 'alice', CLAIM_WAITS_MS + 1_000)).toBe('claimed');
      expect(await store.claimLook('tom', 'left', CLAIM_WAITS_MS + 2_000)).toBe('taken');
      await store.create(anAccount());
      expect(await store.claimLook('tom', 'left', CLAIM_WAITS_MS * 9)).toBe('taken');
    });

    test('gives on a look that nobody came for to one of twenty', async () => {
      const store = await open();
      await store.claimLook('tom', 'left', 1_000);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          store.claimLook('tom', `tom-${n}`, CLAIM_WAITS_MS + 1_000),
        ),
      );
      expect(claims.filter((claim) => claim === 'claimed')).toHaveLength(1);
    });

    test('keeps looks apart, however long and whatever they hold', async () => {
      const store = await open();
      for (const look of [...HOSTILE_NAMES, '😀'.repeat(2_000)]) {
        expect(await store.claimLook(look, `of ${look}`, 1_000)).toBe('claimed');
      }
    });

    test('keeps accounts apart, whatever they are called', async () => {
      const store = await open();
      for (const id of HOSTILE_NAMES) {
        expect(await store.create(anAccount({ id, username: id }))).toBe('created');
      }
      for (const id of HOSTILE_NAMES) expect((await store.find(id))?.username).toBe(id);
    });
  });
}
