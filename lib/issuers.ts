import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IssuerSettings } from '../lambdas/auth/issuer-settings.ts';
import { ENV } from '../lambdas/aws/environment.ts';
import type { ParlorFunction } from './parlor-function.ts';

/**
 * Tells a function whose tokens to take, and lets it read the secrets that are shared with other
 * issuers. Where there are the built-in accounts only, there is nothing to tell.
 */
export function letCheckTokens(reader: ParlorFunction, issuers: IssuerSettings): void {
  if (issuers.outside.length === 0) return;
  reader.addEnvironment(ENV.issuers, JSON.stringify(issuers));
  const secrets = issuers.outside.flatMap(({ key }) =>
    key.kind === 'secret' && 'arn' in key.from ? [key.from.arn] : [],
  );
  if (secrets.length === 0) return;
  reader.addToRolePolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: secrets }),
  );
}
