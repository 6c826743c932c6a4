import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Backup } from '../config/backup.ts';
import type { ChatTable } from '../table.ts';
import { Vault, vaultName } from './vault-stack.ts';

/** Here a backup is only on its way: point-in-time recovery does better for as long as the region is there. */
const KEPT_HERE = Duration.days(1);
/** The newest is what counts; the others are for when somebody notices late. */
const KEPT_THERE = Duration.days(7);

const POLICY = 'service-role/AWSBackupServiceRolePolicyForBackup';

export interface TableBackupProps {
  backup: Backup;
  table: ChatTable;
  /** Where it is told that a backup or its copy failed. */
  topic: ITopic;
}

/** Copies the whole table to a vault in another region, every so many hours, by AWS Backup. */
export class TableBackup extends Construct {
  constructor(scope: Construct, id: string, { backup, table, topic }: TableBackupProps) {
    super(scope, id);
    const chat = Stack.of(this);
    const there = chat.formatArn({
      service: 'backup',
      region: backup.region,
      resource: 'backup-vault',
      resourceName: vaultName(chat),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const plan = new BackupPlan(this, 'Plan', {
      backupPlanName: vaultName(chat),
      backupVault: new Vault(this, 'Vault', chat),
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'copy',
          scheduleExpression: Schedule.cron({
            minute: '0',
            hour: backup.everyHours === 24 ? '0' : `0/${backup.everyHours}`,
          }),
          // AWS Backup takes no shorter ones.
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(8),
          deleteAfter: KEPT_HERE,
          copyActions: [
            {
              destinationBackupVault: BackupVault.fromBackupVaultArn(this, 'There', there),
              deleteAfter: KEPT_THERE,
            },
          ],
        }),
      ],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(POLICY)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${POLICY}]`,
      reason:
        'Only AWS Backup can take the role. What it needs for a copy is documented by this policy alone; a narrower one that misses something shows when the region is gone.',
    });
    plan.addSelection('Table', { resources: [BackupResource.fromArn(table.tableArn)], role });
    this.#tellFailures(table, topic);
  }

  /** A copy that fails is noticed otherwise when it is needed. */
  #tellFailures(table: ChatTable, topic: ITopic): void {
    new Rule(this, 'Failed', {
      description: 'A backup of the table, or its copy to the other region, failed',
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Backup Job State Change', 'Copy Job State Change'],
        detail: {
          resourceArn: [table.tableArn],
          state: ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'],
        },
      },
      targets: [new SnsTopic(topic)],
    });
  }
}
