import { describe, expect, test } from '@jest/globals';
import { scryptHasher } from '../../../lambdas/auth/passwords.ts';
import {
  activeAccount,
  authenticate,
  changePassword,
  register,
} from '../../../lambdas/chat/accounts.ts';
import { CLAIM_WAITS_MS } from '../../../lambdas/chat/ports/account-store.ts';
import { PASSWORD_MAX_CHARS } from '../../../protocol/limits.ts';
import { usernameKey } from '../../../protocol/names.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anAccount, FROM } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';

const password = 'purple-elephant-42';
const TAKEN = 'A user with that username already exists.';
const INVALID =
  'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.';

/** The form errors with which a registration is refused. */
async function refusal(username: string, services = fakeServices(), pass = password) {
  const error: unknown = await register(services, { username, password: pass }).catch((e) => e);
  expect(error).toMatchObject({ code: 'invalid_field', status: 400 });
  return (error as { details: { fields: unknown } }).details.fields;
}

describe('a registration', () => {
  test('makes an account under the name as it was written', async () => {
    const services = fakeServices();
    const account = await register(services, { username: 'Alice', password });
    expect(account).toMatchObject({
      id: 'alice',
      username: 'Alice',
      disabled: false,
      superuser: false,
      createdAt: START,
    });
    expect(account.passwordHash).not.toContain(password);
    expect(await services.accounts.find('alice')).toEqual(account);
  });

  test('makes a superuser where it is told to', async () => {
    const services = fakeServices();
    await register(services, { username: 'root', password }, { superuser: true });
    expect(await services.accounts.find('root')).toMatchObject({ superuser: true });
  });

  test.each([
    ['Alice', 'aLICE'],
    ['Straße', 'STRASSE'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
    ['alice', 'ａｌｉｃｅ'],
    ['K2', '\u212a2'],
    ['é', 'e\u0301'],
  ])('of %s takes the name of %s', async (first, second) => {
    const services = fakeServices();
    await register(services, { username: first, password });
    expect(await refusal(second, services)).toEqual({ username: [TAKEN] });
  });

  test.each(['a b', 'a#b', 'a/b', 'a\u200bb', 'a\u202eb', '<b>', '😀', 'a\n'])(
    'under the name %j is refused',
    async (username) => {
      expect(await refusal(username)).toEqual({ username: [INVALID] });
    },
  );

  test('under a name of mixed scripts is refused', async () => {
    expect(await refusal('аdmin')).toEqual({
      username: ['Enter a valid username. This value may not mix letters of different scripts.'],
    });
  });

  test('under a name of 151 characters is refused, and of 150 not', async () => {
    expect(await refusal('a'.repeat(151))).toEqual({
      username: ['Ensure this field has no more than 150 characters.'],
    });
    const account = await register(fakeServices(), { username: 'a'.repeat(150), password });
    expect(account.username).toHaveLength(150);
  });

  test("with a weak password is refused in Django's words", async () => {
    expect(await refusal('alice', fakeServices(), '123456')).toEqual({
      password: [
        'This password is too short. It must contain at least 8 characters.',
        'This password is too common.',
        'This password is entirely numeric.',
      ],
    });
  });

  test('gives a name to one of many who want it at once', async () => {
    const services = fakeServices();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        register(services, { username: n % 2 ? 'alice' : 'ALICE', password: `${password}${n}` }),
      ),
    );
    const winners = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject({ details: { fields: { username: [TAKEN] } } });
      }
    }
  });
});

describe('a name that looks like another', () => {
  const LOOKS_THE_SAME =
    'A user with a name that looks the same already exists. Choose another one.';

  const registeredBefore = async (...usernames: string[]) => {
    const services = fakeServices();
    for (const username of usernames) await register(services, { username, password });
    return services;
  };

  test.each([
    ['tom', '\u03a4\u039f\u039c'],
    ['coco', '\u0441\u043e\u0441\u043e'],
    ['admin', '\u1d00dmin'],
    ['Ian', 'lan'],
  ])("as %s is refused with a code, and in the form's shape", async (first, second) => {
    const services = await registeredBefore(first);
    await expect(register(services, { username: second, password })).rejects.toMatchObject({
      code: 'username_look_alike',
      status: 400,
      details: { fields: { username: [LOOKS_THE_SAME] } },
    });
    expect(await services.accounts.find(usernameKey(second))).toBeUndefined();
    const reversed = await registeredBefore(second);
    await expect(register(reversed, { username: first, password })).rejects.toMatchObject({
      code: 'username_look_alike',
    });
  });

  test('goes to one of two who want one each at once', async () => {
    const services = fakeServices();
    const outcomes = await Promise.allSettled(
      ['TOM', '\u03a4\u039f\u039c'].map((username) => register(services, { username, password })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is refused also beside an account from before looks were claimed', async () => {
    const services = fakeServices();
    await services.accounts.create(anAccount({ username: 'coco' }));
    const refused = register(services, { username: '\u0441\u043e\u0441\u043e', password });
    await expect(refused).rejects.toMatchObject({ code: 'username_look_alike' });
  });

  test("is free again where its first owner's account was never made", async () => {
    const services = fakeServices();
    services.hasher = { ...services.hasher, hash: () => Promise.reject(new Error('out of time')) };
    await register(services, { username: 'TOM', password }).catch(() => undefined);
    const { hasher } = fakeServices();
    Object.assign(services, { hasher });
    const another = { username: '\u03a4\u039f\u039c', password };
    await expect(register(services, another)).rejects.toMatchObject({ status: 400 });
    services.clock.advance(CLAIM_WAITS_MS);
    expect(await register(services, another)).toMatchObject({ disabled: false });
  });

  test('is no hindrance to a superuser, and is his from then on', async () => {
    const services = await registeredBefore('\u0391\u0392\u0392\u0391');
    await register(services, { username: 'abba', password }, { superuser: true });
    expect(await services.accounts.find('abba')).toMatchObject({ superuser: true });
    await register(services, { username: 'root', password }, { superuser: true });
    await expect(
      register(services, { username: 'r\u1d0f\u1d0ft', password }),
    ).rejects.toMatchObject({ code: 'username_look_alike' });
  });
});

describe('a login', () => {
  const WRONG = {
    code: 'authentication_failed',
    message: 'No active account found with the given credentials',
  };

  async function registered() {
    const services = fakeServices();
    const account = await register(services, { username: 'Alice', password });
    return { services, account };
  }

  test.each(['Alice', 'alice', 'ＡＬＩＣＥ'])('as %s finds the account', async (username) => {
    const { services, account } = await registered();
    expect(await authenticate(services, { username, password }, FROM)).toEqual(account);
  });

  test('takes each password that a registration takes, up to the longest', async () => {
    const services = fakeServices();
    const credentials = { username: 'alice', password: '🔑'.repeat(PASSWORD_MAX_CHARS) };
    const account = await register(services, credentials);
    expect(await authenticate(services, credentials, FROM)).toEqual(account);
  });

  test('is answered alike for a wrong password, an unknown and a disabled user', async () => {
    const { services } = await registered();
    const passwordHash = await services.hasher.hash(password);
    await services.accounts.create(anAccount({ username: 'bob', passwordHash, disabled: true }));
    for (const credentials of [
      { username: 'alice', password: 'wrong' },
      { username: 'nobody', password },
      { username: 'bob', password },
      { username: 'a b', password },
      { username: 'alice', password: 'x'.repeat(PASSWORD_MAX_CHARS + 1) },
    ]) {
      await expect(authenticate(services, credentials, FROM)).rejects.toMatchObject(WRONG);
    }
  });

  test('costs a comparison of passwords whether or not there is such a user', async () => {
    const { services } = await registered();
    const compared: (string | undefined)[] = [];
    const { verify } = services.hasher;
    services.hasher.verify = (given, hash) => {
      compared.push(hash);
      return verify(given, hash);
    };
    for (const username of ['alice', 'nobody']) {
      await authenticate(services, { username, password: 'wrong' }, FROM).catch(() => {});
    }
    expect(compared).toEqual([expect.stringContaining('$scrypt$'), undefined]);
  });

  test('forgets the failures before it', async () => {
    const { services } = await registered();
    for (let n = 0; n < 4; n++) {
      await authenticate(services, { username: 'alice', password: 'wrong' }, FROM).catch(() => {});
    }
    const counter = { userId: 'alice', of: `from ${FROM.network}` };
    expect(await services.attempts.find(counter)).toMatchObject({ failures: 4 });
    await authenticate(services, { username: 'alice', password }, FROM);
    expect(await services.attempts.find(counter)).toBeUndefined();
  });

  test('is throttled under each form of a name together', async () => {
    const { services } = await registered();
    for (const username of ['alice', 'Alice', 'ALICE', 'aLice', 'ＡＬＩＣＥ']) {
      await authenticate(services, { username, password: 'wrong' }, FROM).catch(() => {});
    }
    await expect(
      authenticate(services, { username: 'alice', password }, FROM),
    ).rejects.toMatchObject({
      code: 'login_throttled',
    });
  });

  test('renews a hash of other parameters, and leaves a good one alone', async () => {
    const { services, account } = await registered();
    await authenticate(services, { username: 'alice', password }, FROM);
    expect(await services.accounts.find('alice')).toEqual(account);

    services.hasher = scryptHasher({ ln: 5, r: 8, p: 1 });
    await authenticate(services, { username: 'alice', password }, FROM);
    const renewed = await services.accounts.find('alice');
    expect(renewed?.passwordHash).toMatch(/^\$scrypt\$ln=5,/);
    await authenticate(services, { username: 'alice', password }, FROM);
    expect(await services.accounts.find('alice')).toEqual(renewed);
  });
});

describe("a token's account", () => {
  test('is found while it is active', async () => {
    const { accounts } = fakeServices();
    await accounts.create(anAccount());
    await accounts.create(anAccount({ username: 'bob', disabled: true }));
    expect(await activeAccount(accounts, 'alice')).toEqual(anAccount());
    await expect(activeAccount(accounts, 'bob')).rejects.toMatchObject({ code: 'user_inactive' });
    await expect(activeAccount(accounts, 'eve')).rejects.toMatchObject({ code: 'user_not_found' });
  });
});

describe('another password', () => {
  test('opens the account, and the old one does not', async () => {
    const services = fakeServices();
    await register(services, { username: 'Alice', password });
    await changePassword(services, 'ALICE', 'green-giraffe-43');
    await authenticate(services, { username: 'alice', password: 'green-giraffe-43' }, FROM);
    await expect(
      authenticate(services, { username: 'alice', password }, FROM),
    ).rejects.toMatchObject({
      code: 'authentication_failed',
    });
  });

  test('is taken without the white space around it, as a registration takes it', async () => {
    const services = fakeServices();
    await register(services, { username: 'Alice', password });
    await changePassword(services, 'alice', ' green-giraffe-43 ');
    const credentials = { username: 'alice', password: 'green-giraffe-43' };
    expect(await authenticate(services, credentials, FROM)).toMatchObject({ id: 'alice' });
  });

  test.each([
    ['nobody', 'green-giraffe-43', 'username'],
    ['a b', 'green-giraffe-43', 'username'],
    ['alice', 'alice', 'password'],
  ])('for %j is refused, if it is %j', async (username, wanted, field) => {
    const services = fakeServices();
    await register(services, { username: 'Alice', password });
    const before = await services.accounts.find('alice');
    await expect(changePassword(services, username, wanted)).rejects.toMatchObject({
      details: { fields: { [field]: expect.anything() } },
    });
    expect(await services.accounts.find('alice')).toEqual(before);
  });
});
