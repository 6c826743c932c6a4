import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '../../protocol/limits.ts';
import type { PasswordPolicy } from '../chat/ports/password.ts';

/** Django's four password rules, in its words. */
export const passwordPolicy: PasswordPolicy = {
  async problems(password, username) {
    const length = [...password].length;
    const problems: string[] = [];
    if (isSimilar(password, username)) {
      problems.push('The password is too similar to the username.');
    }
    if (length < PASSWORD_MIN_CHARS) {
      problems.push(
        `This password is too short. It must contain at least ${PASSWORD_MIN_CHARS} characters.`,
      );
    }
    if (length > PASSWORD_MAX_CHARS) {
      problems.push(`Ensure this field has no more than ${PASSWORD_MAX_CHARS} characters.`);
    }
    if (password.includes('\uFFFD')) {
      // API Gateway may have put it there: many passwords would be this one.
      problems.push('This password holds a character that got lost. Send it as UTF-8.');
    }
    if ((await commonPasswords()).has(password.toLowerCase())) {
      problems.push('This password is too common.');
    }
    if (/^\d+$/.test(password)) problems.push('This password is entirely numeric.');
    return problems;
  },
};

/** One holds the other, and they share 70 % of their characters: Django's measure and limit. */
function isSimilar(password: string, username: string): boolean {
  const a = password.toLowerCase();
  const b = username.toLowerCase();
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return long.includes(short) && (2 * short.length) / (short.length + long.length) >= 0.7;
}

let common: Promise<ReadonlySet<string>> | undefined;

/** zxcvbn's list of 49,000 passwords, loaded with the first registration: nothing else needs it. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common']),
  );
  return common;
}
