import { fieldError, ParlorError } from '../../protocol/errors.ts';
import { PASSWORD_MAX_CHARS } from '../../protocol/limits.ts';
import { usernameKey, usernameProblem } from '../../protocol/names.ts';
import { stripped } from '../../protocol/white-space.ts';
import { countAttempt, forgive, type LoginAttempt, type ThrottlePorts } from './login-throttle.ts';
import { claimLooks, type LookAlikePorts, refuseLookAlike } from './look-alikes.ts';
import type { Account, AccountStore } from './ports/account-store.ts';
import type { PasswordHasher, PasswordPolicy } from './ports/password.ts';

export interface AccountPorts extends ThrottlePorts, LookAlikePorts {
  accounts: AccountStore;
  hasher: PasswordHasher;
  policy: PasswordPolicy;
}

export interface Credentials {
  username: string;
  password: string;
}

/**
 * Creates an account. White space around the password is dropped. A superuser is the operator's word,
 * whatever else his name looks like.
 *
 * @throws ParlorError `invalid_field` in the words of Django's form, `username_look_alike`
 */
export async function register(
  ports: AccountPorts,
  { username, password: given }: Credentials,
  { superuser = false } = {},
): Promise<Account> {
  const problem = usernameProblem(username);
  if (problem) throw fieldError('username', problem);
  const name = username.normalize('NFKC');
  const password = stripped(given);
  const problems = await ports.policy.problems(password, name);
  if (problems.length > 0) throw fieldError('password', ...problems);

  const id = usernameKey(name);
  // Looked up before the costly hash; the conditional write below is what decides.
  if (await ports.accounts.find(id)) throw taken();
  const claim = superuser ? claimLooks : refuseLookAlike;
  await claim(ports, { id, username: name });
  const account: Account = {
    id,
    username: name,
    passwordHash: await ports.hasher.hash(password),
    disabled: false,
    superuser,
    createdAt: ports.clock.now(),
  };
  if ((await ports.accounts.create(account)) === 'taken') throw taken();
  return account;
}

/**
 * Gives an account another password, without the white space around it, and ends all its logins; not
 * its open connections.
 *
 * @throws ParlorError `invalid_field` in the words of Django's form
 */
export async function changePassword(
  ports: Pick<AccountPorts, 'accounts' | 'hasher' | 'policy'>,
  username: string,
  given: string,
): Promise<Account> {
  const known = usernameProblem(username) === undefined;
  const account = known ? await ports.accounts.find(usernameKey(username)) : undefined;
  if (!account) throw fieldError('username', 'There is no such user.');
  const password = stripped(given);
  const problems = await ports.policy.problems(password, account.username);
  if (problems.length > 0) throw fieldError('password', ...problems);
  const hash = await ports.hasher.hash(password);
  if ((await ports.accounts.setPassword(account.id, hash)) === 'set') return account;
  throw fieldError('username', 'This user has no password here.');
}

const taken = () => fieldError('username', 'A user with that username already exists.');

/**
 * Checks a username and password. An unknown user, a wrong password and a disabled account are
 * answered alike, and take as long.
 *
 * @param from whence it is tried, for counting
 * @throws ParlorError `authentication_failed`, `login_throttled`
 */
export async function authenticate(
  ports: AccountPorts,
  { username, password }: Credentials,
  from: Omit<LoginAttempt, 'userId'>,
): Promise<Account> {
  const tooLong = [...password].length > PASSWORD_MAX_CHARS;
  if (tooLong || usernameProblem(username)) throw wrongCredentials();
  const id = usernameKey(username);
  const attempt = { userId: id, ...from };
  await countAttempt(ports, attempt);

  const found = await ports.accounts.find(id);
  // A disabled account is none, also to who has the right password and a watch.
  const account = found?.disabled ? undefined : found;
  const fitting = await fittingPassword(ports.hasher, password, account?.passwordHash);
  if (!account?.passwordHash || fitting === undefined) throw wrongCredentials();

  await forgive(ports, attempt);
  if (ports.hasher.isOutdated(account.passwordHash)) {
    await ports.accounts.rehash(id, account.passwordHash, await ports.hasher.hash(fitting));
  }
  return account;
}

/**
 * The password that a hash was made of: what was given without white space around it, as Django
 * REST framework logs in; or as it was given, for older accounts were stored with the white space,
 * and so are those that Django's admin made. Takes as long whether there is a hash or not.
 */
async function fittingPassword(
  hasher: PasswordHasher,
  given: string,
  hash: string | undefined,
): Promise<string | undefined> {
  for (const password of new Set([stripped(given), given])) {
    if (await hasher.verify(password, hash)) return password;
  }
  return undefined;
}

const wrongCredentials = () =>
  new ParlorError('authentication_failed', 'No active account found with the given credentials');

/**
 * The account that a token speaks for.
 *
 * @throws ParlorError `user_not_found`, `user_inactive`
 */
export async function activeAccount(accounts: AccountStore, id: string): Promise<Account> {
  const account = await accounts.find(id);
  if (!account) throw new ParlorError('user_not_found', 'User not found');
  if (account.disabled) throw new ParlorError('user_inactive', 'User is inactive');
  return account;
}
