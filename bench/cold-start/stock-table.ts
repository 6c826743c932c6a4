import type { Config } from '../../lambdas/aws/config.ts';
import { openTable } from '../../lambdas/aws/dynamo.ts';
import type { DeployedTable } from '../../lambdas/aws/dynamodb/deployed-table.ts';

/** What stands in the place of lambdas/aws/dynamodb/deployed-table.ts in the baseline: the SDK's client. */
export const deployedTable = ({ table, region }: Config): DeployedTable => ({
  table: openTable(table, { region }),
  sdkClient: undefined,
});
