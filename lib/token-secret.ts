import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ENV } from '../lambdas/aws/environment.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { ParlorFunction } from './parlor-function.ts';

export interface TokenSecretProps {
  /**
   * Whether it is kept when the stack goes, for the table that is kept. A first deployment that fails
   * takes it along: nothing was signed by it.
   */
  retained: boolean;
  /** By which it is encrypted. Default: by `aws/secretsmanager`. */
  encryptionKey: EncryptionKey | undefined;
  /** A region that has a copy of it, for when this one is lost. */
  copiedTo: string | undefined;
}

/**
 * The text that signs tokens: 64 letters and digits, about 380 bits. `npm run rotate` gives it further
 * versions. What is generated here must stay as it is: CloudFormation makes another value for another
 * GenerateSecretString.
 */
export class TokenSecret extends Secret {
  readonly #key: EncryptionKey | undefined;

  constructor(
    scope: Construct,
    id: string,
    { retained, encryptionKey, copiedTo }: TokenSecretProps,
  ) {
    super(scope, id, {
      description: "Signs the chat's tokens. npm run rotate -- --token-secret replaces it.",
      ...(encryptionKey && { encryptionKey }),
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: retained ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
      ...(copiedTo !== undefined && { replicaRegions: [{ region: copiedTo }] }),
    });
    this.#key = encryptionKey;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Functions must know a new secret before it signs, so an operator rotates it: npm run rotate.',
    });
  }

  /** Lets a function read the secret and its versions. Its environment holds the ARN only. */
  letRead(reader: ParlorFunction): void {
    reader.addEnvironment(ENV.tokenSecretArn, this.secretArn);
    this.#key?.letDecrypt(reader, 'secretsmanager');
    reader.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        resources: [this.secretArn],
      }),
    );
  }
}
