import { scryptHasher } from '../auth/passwords.ts';
import { dynamoAccountStore } from './account-store.ts';
import { readConfig } from './config.ts';
import { deployedTable } from './dynamodb/deployed-table.ts';
import { deployedObserved } from './observed.ts';
import { systemClock } from './services.ts';
import { readSecret } from './token-secret.ts';

/** The services of the deployed canary. It knows of the table nothing but its own account. */
export function deployedCanary() {
  const config = readConfig();
  const { canary, region, endpoint, credentials } = config;
  if (!canary) throw new Error('This function was deployed without a canary to be.');
  const { secretArn: arn, hasAccounts, ...address } = canary;
  const { table, sdkClient } = deployedTable(config);
  return {
    ...deployedObserved({ ...config, sdkClient }),
    address,
    hasAccounts,
    readSecret: async () =>
      new TextDecoder().decode(await readSecret({ arn, region, endpoint, credentials })),
    accounts: dynamoAccountStore(table),
    hasher: scryptHasher(),
    clock: systemClock,
  };
}
