import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackupVault } from 'aws-cdk-lib/aws-backup';
import type { Construct } from 'constructs';

/**
 * The vault's name in both regions. It is said in full, for CloudFormation has no references from
 * one region to another.
 */
export const vaultName = (chat: Stack) => `${chat.stackName}-backups`;

/** A vault for copies of the table. One that holds any can't be deleted, so it outlives its stack. */
export class Vault extends BackupVault {
  constructor(scope: Construct, id: string, chat: Stack) {
    super(scope, id, {
      backupVaultName: vaultName(chat),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}

/** What stands in the region that copies go to: a stack of its own beside that of the chat. */
export class VaultStack extends Stack {
  constructor(scope: Construct, id: string, chat: Stack, region: string) {
    super(scope, id, {
      stackName: `${chat.stackName}-Backups`,
      description: "Parlor: copies of the chat's table",
      env: { region },
    });
    new Vault(this, 'Vault', chat);
  }
}
