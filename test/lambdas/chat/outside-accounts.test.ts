import { describe, expect, test } from '@jest/globals';
import { dynamoAccountStore } from '../../../lambdas/aws/account-store.ts';
import { accountNamed, outsideAccount } from '../../../lambdas/chat/outside-accounts.ts';
import type { Account } from '../../../lambdas/chat/ports/account-store.ts';
import { memoryTable } from '../../../local/database.ts';
import { fakeClock, START } from '../../fakes/fake-clock.ts';
import { anAccount } from '../../fakes/samples.ts';

const alice = { userId: 'corp:Alice-1', username: 'alice (corp)', superuser: false };

function open() {
  const clock = fakeClock();
  const accounts = dynamoAccountStore(memoryTable());
  return { clock, accounts };
}

describe("another issuer's user", () => {
  test('needs no registration', async () => {
    const ports = open();
    const account = { id: 'corp:Alice-1', username: 'alice (corp)', createdAt: START };
    expect(await outsideAccount(ports, alice)).toEqual({
      ...account,
      disabled: false,
      superuser: false,
    });
    expect(await ports.accounts.find('corp:Alice-1')).toMatchObject(account);
  });

  test('is written down once, and again when the name changes', async () => {
    const { accounts, clock } = open();
    const written: string[] = [];
    const counted = {
      ...accounts,
      async recordOutside(id: string, name: string, at: number) {
        written.push(name);
        await accounts.recordOutside(id, name, at);
      },
    };
    const ports = { accounts: counted, clock };
    await outsideAccount(ports, alice);
    clock.advance(1_000);
    await outsideAccount(ports, alice);
    const married = { ...alice, username: 'alice.b (corp)' };
    expect(await outsideAccount(ports, married)).toMatchObject({
      username: 'alice.b (corp)',
      createdAt: START,
    });
    expect(written).toEqual(['alice (corp)', 'alice.b (corp)']);
  });

  test('is a superuser as long as each token says so', async () => {
    const ports = open();
    for (const superuser of [true, false, true]) {
      expect(await outsideAccount(ports, { ...alice, superuser })).toMatchObject({ superuser });
      expect(await ports.accounts.find(alice.userId)).toMatchObject({ superuser: false });
    }
  });

  test('may be disabled, and stays so under another name', async () => {
    const ports = open();
    await outsideAccount(ports, alice);
    await ports.accounts.setDisabled(alice.userId, true);
    for (const username of [alice.username, 'someone else (corp)']) {
      await expect(outsideAccount(ports, { ...alice, username })).rejects.toMatchObject({
        code: 'user_inactive',
      });
    }
  });
});

describe("another issuer's user who was brought in", () => {
  const seven = { userId: 'django:7', username: '7 (django)', superuser: undefined };

  async function broughtIn(given: Partial<Account> = {}) {
    const ports = open();
    await ports.accounts.create(anAccount(given));
    await ports.accounts.link('django:7', 'alice', START);
    return ports;
  }

  test('has the account that he had, and no other is made', async () => {
    const ports = await broughtIn();
    expect(await outsideAccount(ports, seven)).toEqual(anAccount());
    expect(await ports.accounts.findByShownName('7 (django)')).toBeUndefined();
    expect((await accountNamed(ports.accounts, 'django:7', true))?.id).toBe('alice');
  });

  test('has it also when he had been here before that', async () => {
    const ports = open();
    await outsideAccount(ports, seven);
    await ports.accounts.create(anAccount());
    await ports.accounts.link('django:7', 'alice', START);
    expect(await outsideAccount(ports, seven)).toMatchObject({ id: 'alice' });
  });

  test('is out where the account is inactive', async () => {
    const ports = await broughtIn({ disabled: true });
    await expect(outsideAccount(ports, seven)).rejects.toMatchObject({ code: 'user_inactive' });
    await ports.accounts.setDisabled('alice', false);
    expect(await outsideAccount(ports, seven)).toMatchObject({ id: 'alice' });
    await ports.accounts.setDisabled('django:7', true);
    await expect(outsideAccount(ports, seven)).rejects.toMatchObject({ code: 'user_inactive' });
  });

  test('has the rights that he had, unless the tokens tell of rights', async () => {
    for (const had of [true, false]) {
      const ports = await broughtIn({ superuser: had });
      expect(await outsideAccount(ports, seven)).toMatchObject({ superuser: had });
      for (const superuser of [true, false]) {
        expect(await outsideAccount(ports, { ...seven, superuser })).toMatchObject({ superuser });
      }
    }
  });
});

describe('somebody is found', () => {
  test('by the name that is shown, or the id exactly as it is', async () => {
    const { accounts, clock } = open();
    await accounts.create(anAccount({ username: 'Alice' }));
    await outsideAccount({ accounts, clock }, alice);
    const find = async (name: string) => (await accountNamed(accounts, name, true))?.id;
    expect(await find('ALICE')).toBe('alice');
    expect(await find('alice (corp)')).toBe('corp:Alice-1');
    expect(await find('corp:Alice-1')).toBe('corp:Alice-1');
    expect(await find('corp:alice-1')).toBeUndefined();
    expect(await find('Alice (corp)')).toBeUndefined();
    expect(await find('nobody')).toBeUndefined();
  });

  test('by no name that becomes too long for a key', async () => {
    const { accounts } = open();
    const { find } = accounts;
    accounts.find = async (id) => {
      if (Buffer.byteLength(id) > 900) throw new Error('Size of hashkey has exceeded the maximum');
      return await find(id);
    };
    expect(await accountNamed(accounts, '\ufdfa'.repeat(150), true)).toBeUndefined();
  });

  test('by no name that he bears no more', async () => {
    const ports = open();
    await outsideAccount(ports, alice);
    await outsideAccount(ports, { ...alice, username: 'alice.b (corp)' });
    expect(await accountNamed(ports.accounts, 'alice (corp)', true)).toBeUndefined();
    const other = { ...alice, userId: 'corp:another' };
    await outsideAccount(ports, other);
    expect((await accountNamed(ports.accounts, 'alice (corp)', true))?.id).toBe('corp:another');
  });

  test('where the built-in accounts are off, first among those of the issuers', async () => {
    const { accounts, clock } = open();
    for (const username of ['alice', 'bob']) await accounts.create(anAccount({ username }));
    await outsideAccount({ accounts, clock }, { ...alice, username: 'alice' });
    const find = async (name: string, on: boolean) => (await accountNamed(accounts, name, on))?.id;
    expect([await find('alice', false), await find('alice', true)]).toEqual([
      'corp:Alice-1',
      'alice',
    ]);
    expect(await find('bob', false)).toBe('bob');
  });
});
