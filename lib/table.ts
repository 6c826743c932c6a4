import { RemovalPolicy } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENV } from '../lambdas/aws/environment.ts';
import { TABLE } from '../lambdas/aws/table.ts';
import type { TakenTable } from './config/taken-table.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { ParlorFunction } from './parlor-function.ts';
import {
  makingAccounts,
  statementsOf,
  type TableAccess,
  type TableStatement,
} from './table-access.ts';

export interface ChatTableProps {
  /** Whether it is kept when the stack goes, and can't be deleted by a slip. */
  retained: boolean;
  /**
   * By which it is encrypted. Default: by a key that AWS owns, which costs nothing; each use of one in
   * the account would be a request to KMS.
   */
  encryptionKey: EncryptionKey | undefined;
  /** One that is there already, which this stack then uses and leaves as it is. */
  taken: TakenTable | undefined;
}

/** The one table: it is the chat. */
export class ChatTable extends Construct {
  readonly #table: ITable;
  readonly #key: EncryptionKey | undefined;

  constructor(scope: Construct, id: string, props: ChatTableProps) {
    super(scope, id);
    const { taken } = props;
    this.#key = props.encryptionKey;
    this.#table = taken
      ? Table.fromTableAttributes(this, 'Taken', {
          tableArn: taken.arn,
          tableStreamArn: taken.streamArn,
        })
      : ownTable(this, props);
  }

  get tableName(): string {
    return this.#table.tableName;
  }

  get tableArn(): string {
    return this.#table.tableArn;
  }

  get tableStreamArn(): string | undefined {
    return this.#table.tableStreamArn;
  }

  metric(name: string, options?: MetricOptions): Metric {
    return this.#table.metric(name, options);
  }

  /**
   * Lets a function do with the table's items what it has to, and tells it the table's name.
   *
   * All kinds of items stand in one table, so that they are backed up together and restored to the
   * same second. A table of its own for accounts would cost that, and a second set of alarms; IAM
   * tells the kinds apart as well.
   */
  grantUse(user: ParlorFunction, access: TableAccess): void {
    this.#let(user, statementsOf(access));
  }

  /** Lets a function look for accounts and make them. @param ids a pattern of IAM's for their ids */
  letMakeAccounts(user: ParlorFunction, ids: string): void {
    this.#let(user, [makingAccounts(ids)]);
  }

  #let(user: ParlorFunction, statements: readonly TableStatement[]): void {
    user.addEnvironment(ENV.table, this.tableName);
    this.#key?.letDecrypt(user, 'dynamodb');
    for (const { actions, conditions } of statements) {
      user.addToRolePolicy(
        new PolicyStatement({ actions, conditions, resources: [this.tableArn] }),
      );
    }
  }

  /** Lets a function list the rooms that a user has been in. */
  letListVisits(user: ParlorFunction): void {
    user.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.tableArn}/index/${TABLE.visits.name}`],
      }),
    );
  }

  /** Lets a function read what was written where, and returns the stream's ARN. */
  letFollow(reader: ParlorFunction): string {
    if (!this.tableStreamArn) throw new Error('The table has no stream.');
    reader.addToRolePolicy(
      new PolicyStatement({
        actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
          (action) => `dynamodb:${action}`,
        ),
        resources: [this.tableStreamArn],
      }),
    );
    return this.tableStreamArn;
  }
}

function ownTable(scope: Construct, { retained, encryptionKey }: ChatTableProps): Table {
  // What is called so adds nothing to the ids that CloudFormation knows the table by.
  const table = new Table(scope, 'Default', {
    partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
    sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: TABLE.ttl,
    // Its readers look the items up again, consistently: the keys are all they need.
    stream: StreamViewType.KEYS_ONLY,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    ...(encryptionKey
      ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }
      : { encryption: TableEncryption.DEFAULT }),
    // A protected table can't be deleted when a first deployment goes back, and the stack would
    // stick in ROLLBACK_FAILED: so it stays then too, empty, at no cost.
    deletionProtection: retained,
    removalPolicy: retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  table.addGlobalSecondaryIndex({
    indexName: TABLE.visits.name,
    partitionKey: { name: TABLE.visits.partitionKey, type: AttributeType.STRING },
    sortKey: { name: TABLE.visits.sortKey, type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  return table;
}
