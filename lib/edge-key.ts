import { RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { EDGE_KEY_HEADER } from '../lambdas/auth/edge-key.ts';
import { ENV } from '../lambdas/aws/environment.ts';
import type { EncryptionKey } from './encryption-key.ts';
import type { ParlorFunction } from './parlor-function.ts';

/**
 * What the edge shows to the APIs behind it, so that they can refuse whoever comes past it. It is
 * made with the stack and stays the same until an operator has another made (`npm run rotate`).
 *
 * Template and functions' environments hold its ARN only. CloudFront can't read secrets, so
 * CloudFormation writes the value into the distribution: whoever may read the distribution's
 * configuration in this account can see it.
 */
export class EdgeKey extends Secret {
  readonly #version: string | undefined;

  readonly #key: EncryptionKey | undefined;

  /**
   * @param version the one that the edge takes up; the current one when undefined
   * @param key by which it is encrypted. Default: by `aws/secretsmanager`
   */
  constructor(scope: Construct, id: string, version: string | undefined, key?: EncryptionKey) {
    super(scope, id, {
      description: 'The edge shows it to the APIs behind it.',
      ...(key && { encryptionKey: key }),
      generateSecretString: { passwordLength: 43, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#version = version;
    this.#key = key;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'CloudFront takes a new value with a deployment only, so an operator rotates it.',
    });
  }

  /** The header that CloudFront adds, over whatever a client sends under its name. */
  get header(): Record<string, string> {
    const value = SecretValue.secretsManager(this.secretArn, {
      ...(this.#version !== undefined && { versionId: this.#version }),
    });
    return { [EDGE_KEY_HEADER]: value.unsafeUnwrap() };
  }

  /** Has a function refuse requests that did not come through the edge. */
  letDemand(guard: ParlorFunction): void {
    guard.addEnvironment(ENV.edgeKeyArn, this.secretArn);
    this.#key?.letDecrypt(guard, 'secretsmanager');
    guard.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [this.secretArn],
      }),
    );
  }
}
