import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { DOCS_ASSETS } from '../../lambdas/edge/docs/addresses.ts';
import { HASHED_FOLDER } from '../build-page.ts';
import type { EncryptionKey } from '../encryption-key.ts';

/** Its name says what is in it: it never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** The edge keeps it until the next deployment clears it; browsers ask each time. */
const ASKED_FOR = 'public, max-age=0, s-maxage=86400';

/** Folders of files whose names say what is in them. */
const HASHED = [`${HASHED_FOLDER}/*`, `${DOCS_ASSETS}/*`];

/** The page's files and the documentation's: a private bucket, and what fills it on each deployment. */
export class Page extends Construct {
  readonly bucket: Bucket;
  readonly #key: EncryptionKey | undefined;

  /** @param key by which the files are encrypted. Default: by a key of S3's */
  constructor(scope: Construct, id: string, key?: EncryptionKey) {
    super(scope, id);
    this.#key = key;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // With a bucket key, KMS is not asked for each file.
      ...(key
        ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Public files that only CloudFront can read: nobody to be found in a log.',
    });
  }

  /**
   * Copies the files of some folders and clears the edge. What stays in the bucket are hashed files of
   * earlier deployments, for pages that were opened before and load a part of themselves later.
   */
  publish(directories: readonly string[], distribution: Distribution): void {
    const logGroup = new LogGroup(this, 'DeploymentLogs');
    const role = new Role(this, 'DeploymentRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    const common = {
      destinationBucket: this.bucket,
      sources: directories.map((directory) => Source.asset(directory)),
      // Empties the bucket when the stack goes, or it could not be deleted.
      retainOnDelete: false,
      logGroup,
      role,
    };
    const hashed = new BucketDeployment(this, 'HashedFiles', {
      ...common,
      exclude: ['*'],
      include: HASHED,
      cacheControl: [CacheControl.fromString(FOR_EVER)],
      prune: false,
    });
    const others = new BucketDeployment(this, 'Deployment', {
      ...common,
      exclude: HASHED,
      cacheControl: [CacheControl.fromString(ASKED_FOR)],
      distribution,
      // Clearing may take longer than CDK's function waits, and the deployment would fail and go
      // back. CloudFront clears it anyway, a minute or so after the deployment has ended.
      waitForDistributionInvalidation: false,
    });
    // The document names the hashed files: they are there before it is.
    others.node.addDependency(hashed);
    this.#key?.limit(role, 's3');
    this.acknowledgeCopier(role);
  }

  /** The function that copies is CDK's own, one in the whole stack; so are its permissions. */
  private acknowledgeCopier(role: Role): void {
    const stack = Stack.of(this);
    const qualifier = stack.synthesizer.bootstrapQualifier;
    const bucket = stack.getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    const reason = "What CDK's copying function asks for: read its asset, write this one bucket.";
    const wildcards = [
      'Action::s3:GetBucket*',
      'Action::s3:GetObject*',
      'Action::s3:List*',
      'Action::s3:Abort*',
      'Action::s3:DeleteObject*',
      ...(this.#key ? ['Action::kms:ReEncrypt*', 'Action::kms:GenerateDataKey*'] : []),
      `Resource::arn:<AWS::Partition>:s3:::cdk-${qualifier}-assets-<AWS::AccountId>-<AWS::Region>/*`,
      `Resource::<${bucket}.Arn>/*`,
    ];
    Validations.of(role).acknowledge(
      ...wildcards.map((finding) => ({ id: `AwsSolutions-IAM5[${finding}]`, reason })),
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: "Clears the edge's copies; CDK grants that for any distribution.",
      },
    );
    const copier = stack.node.children.find((child) =>
      child.node.id.startsWith('Custom::CDKBucketDeployment'),
    );
    if (!copier) throw new Error('CDK no longer names its copying function as it did.');
    Validations.of(copier).acknowledge({
      id: 'AwsSolutions-L1',
      reason: "CDK's own function; its runtime comes with CDK's version.",
    });
  }
}
