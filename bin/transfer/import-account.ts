import { claimLooks, type LookAlikePorts } from '../../lambdas/chat/look-alikes.ts';
import type { Account, AccountStore } from '../../lambdas/chat/ports/account-store.ts';
import { type ArchiveRecord, accountOf } from './records.ts';

type AccountRecord = ArchiveRecord & { record: 'account' };

/**
 * Somebody's account is the same as long as it has his name and its age; the rest may change. Also
 * two whose names look alike come: they were there before anybody asked.
 */
export async function importAccount(
  ports: LookAlikePorts,
  record: AccountRecord,
): Promise<'created' | 'there'> {
  const outcome = await createAccount(ports.accounts, record);
  if (!isOutsider(record.id)) await claimLooks(ports, record);
  return outcome;
}

async function createAccount(
  accounts: AccountStore,
  record: AccountRecord,
): Promise<'created' | 'there'> {
  const there = await accounts.find(record.id);
  if (isOutsider(record.id)) return await importOutsider(accounts, record, there);
  if (!there && (await accounts.create(accountOf(record))) === 'created') return 'created';
  const now = there ?? (await accounts.find(record.id));
  if (now?.username === record.username && now.createdAt === record.createdAt) return 'there';
  throw new Error(
    `Here "${now?.username}" is another account than "${record.username}" of the import. Rename one of the two.`,
  );
}

/** No username of ours has a colon. */
const isOutsider = (id: string) => id.includes(':');

/**
 * Another issuer's user. The id is his for good, whatever he was called when; he is found by his name
 * once the store has met him.
 */
async function importOutsider(
  accounts: AccountStore,
  { record: _kind, passwordHash: _none, linkedTo, ...account }: AccountRecord,
  there: Account | undefined,
): Promise<'created' | 'there'> {
  if (linkedTo !== undefined) {
    if ((await accounts.link(account.id, linkedTo, account.createdAt)) === 'other') {
      throw new Error(`Here ${account.id} has another account than "${linkedTo}".`);
    }
    if (there?.linkedTo === linkedTo) return 'there';
    if (account.disabled) await accounts.setDisabled(account.id, true);
    return 'created';
  }
  if (there && there.username !== account.username) return 'there';
  if (!there) await accounts.create(account);
  await accounts.recordOutside(account.id, account.username, account.createdAt);
  return there ? 'there' : 'created';
}
