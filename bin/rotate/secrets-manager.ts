import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type AwsCredentials, requestSigner } from '../../lambdas/aws/request-signer.ts';

export interface Reached {
  region: string;
  credentials: AwsCredentials;
  /** Default: https://secretsmanager.<region>.amazonaws.com. */
  endpoint?: string | undefined;
}

/** The same account and region as a client reaches. */
export async function reachedBy(client: CloudFormationClient): Promise<Reached> {
  return {
    region: await client.config.region(),
    credentials: await client.config.credentials(),
    // As AWS's own tools take it: for an emulator.
    endpoint: process.env.AWS_ENDPOINT_URL,
  };
}

/** Letters and digits for a secret. */
export async function randomText(reached: Reached, length: number): Promise<string> {
  const { RandomPassword } = await callSecretsManager(reached, 'GetRandomPassword', {
    PasswordLength: length,
    ExcludePunctuation: true,
  });
  return String(RandomPassword);
}

/**
 * Calls an operation of Secrets Manager, of which no client is among the packages.
 *
 * @throws Error with the operation and the kind of fault, never with what was sent or answered:
 *   secrets stand in both
 */
export async function callSecretsManager(
  { region, credentials, endpoint = `https://secretsmanager.${region}.amazonaws.com` }: Reached,
  operation: string,
  request: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(request);
  const sign = requestSigner('secretsmanager', region, credentials);
  const { host, ...headers } = sign({
    host: new URL(endpoint).host,
    path: '/',
    body,
    now: Date.now(),
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${operation}`,
    },
  });
  // fetch() sends Host by itself, as it was signed.
  const answer = await fetch(endpoint, { method: 'POST', headers, body });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  const kind = /"__type":"(?:[\w.]+#)?(\w+)"/.exec(text)?.[1] ?? 'an error';
  throw new Error(`secretsmanager:${operation} was answered ${answer.status}, ${kind}.`);
}
