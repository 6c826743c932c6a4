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
    headers: sign({
      host,
      path: '/',
      body,
      now: Date.now(),
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
      },
    }),
    headersTimeout: 5_000,
    bodyTimeout: 5_000,
  });
  const secret = secretIn(await answer.body.text());
  if (answer.statusCode !== 200 || secret === undefined) {
    throw new Error(`Secrets Manager answered ${answer.statusCode} instead of the token secret.`);
  }
  return new TextEncoder().encode(secret);
}

function secretIn(body: string): string | undefined {
  try {
    const secret: unknown = JSON.parse(body)?.SecretString;
    return typeof secret === 'string' ? secret : undefined;
  } catch {
    // The parser's own words would repeat a piece of the body, which may be the secret.
    return undefined;
  }
}
