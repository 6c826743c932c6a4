import { ParlorError } from '../../../protocol/errors.ts';
import type { OperationId } from '../../../protocol/rest.ts';

/** What is there for the built-in accounts only. */
const OF_ACCOUNTS: ReadonlySet<OperationId> = new Set<OperationId>([
  'register',
  'login',
  'obtainToken',
  'refreshToken',
  'verifyToken',
  'blacklistToken',
]);

/** @throws ParlorError `accounts_off` */
export function requireAccounts(
  { issuers }: { issuers: { accounts: boolean } },
  operation: OperationId,
): void {
  if (issuers.accounts || !OF_ACCOUNTS.has(operation)) return;
  throw new ParlorError(
    'accounts_off',
    'This chat has no accounts of its own. Get a token from the provider that you log in with.',
  );
}
