import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { type AwsCredentials, requestSigner } from './request-signer.ts';

export interface SecretOptions {
  arn: string;
  region: string;
  credentials: AwsCredentials;
  /** https://secretsmanager.<region>.amazonaws.com unless told. */
  endpoint?: string | undefined;
}

const DEADLINE_MS = 5_000;

/**
 * Reads the text of a secret from Secrets Manager. One call of one operation: the service's SDK
 * client would be the largest part of the function.
 *
 * @throws Error with the service's status, never with the secret
 */
export async function readSecret(options: SecretOptions): Promise<Uint8Array> {
  const { arn, region, credentials } = options;
  const endpoint = options.endpoint ?? `https://secretsmanager.${region}.amazonaws.com`;
  const { host } = new URL(endpoint);
  const body = JSON.stringify({ SecretId: arn });
  const sign = requestSigner('secretsmanager', region, credentials);
  const answer = await post(
    endpoint,
    body,
    sign({
      host,
      path: '/',
      body,
      now: Date.now(),
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'secretsmanager.GetSecretValue',
      },
    }),
  );
  const secret = secretIn(answer.body);
  if (answer.status !== 200 || secret === undefined) {
    throw new Error(`Secrets Manager answered ${answer.status} instead of the token secret.`);
  }
  return new TextEncoder().encode(secret);
}

/** By Node's own client, which the database's has loaded: undici would be loaded for this alone. */
function post(endpoint: string, body: string, headers: Record<string, string>) {
  const request = endpoint.startsWith('http:') ? requestHttp : requestHttps;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', headers, signal }, (answer) => {
      text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, body: read }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
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
