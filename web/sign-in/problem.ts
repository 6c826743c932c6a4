import { ParlorClientError } from '../../client/index.ts';

/** What is wrong with what was entered, by the field that it belongs to. */
export interface Problem {
  readonly username?: string;
  readonly password?: string;
  readonly general?: string;
}

/** What is missing before an attempt is worth it; undefined when nothing is. */
export function missing(username: string, password: string): Problem | undefined {
  const problem = {
    ...(username === '' && { username: 'Enter a name.' }),
    ...(password === '' && { password: 'Enter a password.' }),
  };
  return Object.keys(problem).length > 0 ? problem : undefined;
}

/** What an attempt to sign in failed of, in sentences for who tried. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof ParlorClientError)) return { general: 'Something went wrong. Try again.' };
  if (error.code === 'authentication_failed') {
    return { password: 'The name or the password is not right. Try again.' };
  }
  const { username, password, ...others } = error.fields ?? {};
  const general = error.fields ? Object.values(others).flat().join(' ') : error.message;
  return {
    ...(username && { username: username.join(' ') }),
    ...(password && { password: password.join(' ') }),
    ...(general && { general }),
  };
}
