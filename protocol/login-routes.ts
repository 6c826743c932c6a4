import { accountOperations } from './account-operations.ts';

const { register, login, obtainToken } = accountOperations;

/** What hashes a password is a function of its own: its routes, with a slash at the end and without. */
export const LOGIN_ROUTES: readonly { method: string; path: string }[] = [
  register,
  login,
  obtainToken,
].flatMap(({ method, path }) => [
  { method, path },
  { method, path: path.slice(0, -1) },
]);
