import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { CANARY_USERS, canaryIssuer } from '../lambdas/auth/canary-issuer.ts';
import type { IssuerSettings } from '../lambdas/auth/issuer-settings.ts';
import { type CanarySettings, ENV } from '../lambdas/aws/environment.ts';
import { callEvery } from './call-every.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { type BundleProps, ParlorFunction } from './parlor-function.ts';
import type { ChatTable } from './table.ts';

export interface CanaryProps extends BundleProps {
  table: ChatTable;
  issuers: IssuerSettings;
  /** By which its password is encrypted. Default: by `aws/secretsmanager`. */
  encryptionKey: EncryptionKey | undefined;
}

/**
 * Talks in a room of its own every five minutes, through the address that people use. Its secret is
 * its password; account and room are named by what follows from it, so that nobody else finds them.
 */
export class Canary extends ParlorFunction {
  /** Whose tokens the stage takes: also the canary's own, where there are no built-in accounts. */
  readonly issuers: IssuerSettings;
  readonly #secret: Secret;

  constructor(
    scope: Construct,
    id: string,
    { table, issuers, encryptionKey, ...bundle }: CanaryProps,
  ) {
    super(scope, id, {
      ...bundle,
      entry: 'canary',
      description: 'Talks as people do, to see that they can',
      // Five steps, each of ten seconds at most.
      timeoutSeconds: 60,
    });
    this.#secret = new Secret(this, 'Secret', {
      description: "The canary's password. A new one gives it another account and room.",
      generateSecretString: { passwordLength: 43, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
      ...(encryptionKey && { encryptionKey }),
    });
    encryptionKey?.letDecrypt(this, 'secretsmanager');
    Validations.of(this.#secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'It opens one account, which can do no more than anybody. An operator may replace it.',
    });
    this.issuers = issuers.accounts
      ? issuers
      : { ...issuers, outside: [...issuers.outside, canaryIssuer(this.#secret.secretArn)] };
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [this.#secret.secretArn],
      }),
    );
    // Registration may be closed; so it makes its account itself, and can write no other item.
    if (issuers.accounts) table.letMakeAccounts(this, `${CANARY_USERS}*`);
    callEvery(this, 'EveryFiveMinutes', Duration.minutes(5));
  }

  /** Tells it where the chat is. */
  talkAt(address: Pick<CanarySettings, 'url' | 'socketUrl' | 'origin'>): void {
    const settings: CanarySettings = {
      ...address,
      secretArn: this.#secret.secretArn,
      hasAccounts: this.issuers.accounts,
    };
    this.addEnvironment(ENV.canary, Stack.of(this).toJsonString(settings));
  }
}
