import { request } from 'undici';
import { type AwsCredentials, requestSigner } from './request-signer.ts';

export interface SecretOptions {
  arn: string;
  region: string;
  credentials: AwsCredentials;
  /** https://secretsmanager.<region>.amazonaws.com unless told. */
  endpoint?: string | undefined;
}

/**
 * Reads the text of a secret from Secrets Manager. One call of one operation: the service's SDK
 * client would be the largest part of the function.
 *
 * @throws Error with the service's status, never with the secret
 */
export async function readSecret(options: SecretOptions): Promise<Uint8Array> {
  const { arn, region, credentials } = options;
  const endpoint = options.endpoint ?? `https://secretsmanager.${region}.amazonaws.com`;
  const { host, origin } = new URL(endpoint);
  const body = JSON.stringify({ SecretId: arn });
  const sign = requestSigner('secretsmanager', region, credentials);
  const answer = await request(`${origin}/`, {
    method: 'POST',
    body,
    headers: {
      ...sign({ host, path: '/', body, now: Date.now() }),
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.GetSecretValue',
    },
    headersTimeout: 5_000,
    bodyTimeout: 5_000,
  });
  const { SecretString: secret } = (await answer.body.json()) as { SecretString?: unknown };
  if (answer.statusCode !== 200 || typeof secret !== 'string') {
    throw new Error(`Secrets Manager answered ${answer.statusCode} instead of the token secret.`);
  }
  return new TextEncoder().encode(secret);
}
