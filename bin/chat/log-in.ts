import { ParlorClientError } from '../../client/index.ts';
import { accountSession, type Session } from '../../client/session.ts';
import type { SessionStorageArea } from '../../client/session-storage.ts';
import { askCredentials } from '../ask-credentials.ts';
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
      // Whoever asked is told; the next one goes on.
      last = turn.catch(() => {});
      return await turn;
    },
  };
}

/** @throws ParlorClientError when the server says no or can't be reached */
export async function logIn(options: Options): Promise<Session> {
  const { url, user, register } = options;
  const session = accountSession({ url, storage: passingStorage() });
  const { username, password } = await askCredentials(
    { username: user, password: options.password },
    register,
  );
  try {
    if (register) await session.register(username, password);
    else await session.logIn(username, password);
  } catch (error) {
    throw explained(error, options);
  }
  return session;
}

function explained(error: unknown, { url, register }: Options): unknown {
  if (!(error instanceof ParlorClientError)) return error;
  if (error.code === 'unreachable') return new Error(`${url} can’t be reached. Is the chat there?`);
  if (error.code !== 'authentication_failed' || register) return error;
  return new Error(`${error.message} A new account is made with --register.`);
}
