import { createHash } from 'node:crypto';
import { withoutUnseen } from '../../protocol/blank.ts';
import { usernameProblem } from '../../protocol/names.ts';
import type { OutsideIssuer } from './issuer-settings.ts';

const SHOWN_CHARS = 60;

/**
 * The name by which a user of another issuer is shown: `alice (corp)`, or
 * `Alice Smith #1f0c2a9e (corp)` where the issuer doesn't say that the name is hers alone, or where
 * it is no username by our own rules.
 *
 * So no two people are shown alike: our usernames have no brackets, labels differ, a unique name is
 * one person's, and the sign of an id is that id's alone. Brackets and `#` are taken out of names:
 * what stands in them is ours.
 *
 * @param claimed what the token calls the person
 * @param userId the account's id
 */
export function shownName(
  claimed: string | undefined,
  userId: string,
  { uniqueNames, label }: Pick<OutsideIssuer, 'uniqueNames' | 'label'>,
): string {
  const name =
    claimed !== undefined && uniqueNames && isUsername(claimed)
      ? claimed
      : `${readable(claimed ?? '') || 'user'} #${signOf(userId)}`;
  return label === '' ? name : `${name} (${label})`;
}

/** Also exactly as written: two names that only normalizing makes one are two people's. */
const isUsername = (name: string) =>
  name === name.normalize('NFKC') && usernameProblem(name) === undefined;

/** Letters, digits and what stands in people's names, without what doesn't show. */
function readable(name: string): string {
  const plain = withoutUnseen(name.normalize('NFKC'))
    .replaceAll(/[^\p{L}\p{M}\p{N}_.@+'’-]+/gu, ' ')
    .replaceAll(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim();
  return [...plain].slice(0, SHOWN_CHARS).join('').trim();
}

const signOf = (userId: string) => createHash('sha256').update(userId).digest('hex').slice(0, 8);
