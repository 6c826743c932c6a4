import { ParlorClientError } from '../../client/index.ts';
import { accountSession, type Session } from '../../client/session.ts';
import type { SessionStorageArea } from '../../client/session-storage.ts';
import { openPrompt } from '../prompt.ts';
import type { Options } from './options.ts';

/** Keeps the login for as long as the program runs. */
function passingStorage(): SessionStorageArea {
  let kept: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get: () => kept,
    set: (text) => {
      kept = text;
    },
    remove: () => {
      kept = undefined;
    },
    // Nobody else has it.
    onChange: () => () => {},
    async lock(action) {
      const turn = last.then(action);
      last = turn.catch(() => {});
      return await turn;
    },
  };
}

/** @throws ParlorClientError when the server says no or can't be reached */
export async function logIn(options: Options): Promise<Session> {
  const session = accountSession({ url: options.url, storage: passingStorage() });
  const { user, password } = await credentials(options);
  try {
    if (options.register) await session.register(user, password);
    else await session.logIn(user, password);
  } catch (error) {
    throw explained(error, options);
  }
  return session;
}

async function credentials({ user, password, register }: Options) {
  if (user !== undefined && password !== undefined) return { user, password };
  const prompt = openPrompt();
  try {
    const name = user ?? (await prompt.ask('Username: '));
    if (password !== undefined) return { user: name, password };
    const first = await prompt.askHidden('Password: ');
    if (register && (await prompt.askHidden('Password (again): ')) !== first) {
      throw new Error("The passwords didn't match. Try again.");
    }
    return { user: name, password: first };
  } finally {
    prompt.close();
  }
}

function explained(error: unknown, { url, register }: Options): unknown {
  if (!(error instanceof ParlorClientError)) return error;
  if (error.code === 'unreachable') return new Error(`${url} can’t be reached. Is the chat there?`);
  if (error.code !== 'authentication_failed' || register) return error;
  return new Error(`${error.message} A new account is made with --register.`);
}
