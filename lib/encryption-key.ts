import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ParlorFunction } from './parlor-function.ts';

/** A service that reads for a function what it has encrypted. */
type ReadingService = 'dynamodb' | 'secretsmanager';

/**
 * A key of the deployer's own, for all that a stage keeps: the table, the secrets, the logs, the
 * alarms on their way and the page. A year's rotation changes what encrypts from then on, and older
 * data stays readable.
 *
 * It is named after the stack, as `alias/Parlor`. CloudTrail has a line for each use, and who is
 * denied the key is denied the data.
 */
export class EncryptionKey extends Key {
  /**
   * @param retained whether it is kept when the stack goes or no longer wants it: without the key,
   * what is kept can't be read, nor can logs and backups of before
   */
  constructor(scope: Construct, id: string, retained: boolean) {
    const { stackName, region } = Stack.of(scope);
    super(scope, id, {
      alias: stackName,
      description: `Encrypts what ${stackName} keeps.`,
      enableKeyRotation: true,
      removalPolicy: retained ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    // CloudFormation names log groups after the stack. Naming each would be a circle: a group is made
    // with its key.
    const ours = Stack.of(scope).formatArn({
      ...{ service: 'logs', resource: 'log-group', resourceName: `${stackName}-*` },
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: ['Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey'].map(
          (action) => `kms:${action}`,
        ),
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ours } },
      }),
    );
  }

  /** Takes from a role that CDK has given the key whatever a service does not do for it. */
  limit(role: Role, service: 's3'): void {
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['kms:*'],
        resources: [this.keyArn],
        conditions: { StringNotEquals: { 'kms:ViaService': this.via(service) } },
      }),
    );
  }

  /** Lets a function have a service read what that has encrypted; by itself it can decrypt nothing. */
  letDecrypt(user: ParlorFunction, service: ReadingService): void {
    user.addToRolePolicy(
      new PolicyStatement({
        // DynamoDB asks for no more to write: it encrypts items by a key of the table's, which it has
        // decrypted by this one.
        actions: ['kms:Decrypt', 'kms:DescribeKey'],
        resources: [this.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': this.via(service) } },
      }),
    );
  }

  private via(service: string): string {
    return `${service}.${Stack.of(this).region}.amazonaws.com`;
  }
}
