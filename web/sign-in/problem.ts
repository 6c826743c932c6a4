import { ParlorClientError } from '../../client/index.ts';

/** What is wrong with what was entered, by the field that it belongs to. */
export interface Problem {
  readonly username?: string;
  readonly password?: string;
  readonly general?: string;
}

/** What an attempt to sign in failed of, in sentences for who tried. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof ParlorClientError)) return { general: 'Something went wrong. Try again.' };
  const { username, password, ...others } = error.fields ?? {};
  const general = error.fields ? Object.values(others).flat().join(' ') : error.message;
  return {
    ...(username && { username: username.join(' ') }),
    ...(password && { password: password.join(' ') }),
    ...(general && { general }),
  };
}
