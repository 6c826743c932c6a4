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
  const answer = await getSecretValue(options, { SecretId: options.arn });
  return secretOf(answer);
}

/**
 * Reads the text of the version of a secret that has a label, such as AWSPREVIOUS; undefined where
 * none has it.
 *
 * @throws as `readSecret`
 */
export async function readLabelledSecret(
  options: SecretOptions,
  label: string,
): Promise<Uint8Array | undefined> {
  const answer = await getSecretValue(options, { SecretId: options.arn, VersionStage: label });
  if (answer.status === 400 && answer.body.includes('ResourceNotFoundException')) return undefined;
  return secretOf(answer);
}

interface Answer {
  status: number;
  body: string;
}

async function getSecretValue(
  {
    region,
    credentials,
    endpoint = `https://secretsmanager.${region}.amazonaws.com`,
  }: SecretOptions,
  request: Record<string, string>,
): Promise<Answer> {
  const { host } = new URL(endpoint);
  const body = JSON.stringify(request);
  const sign = requestSigner('secretsmanager', region, credentials);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'secretsmanager.GetSecretValue',
  };
  return await post(endpoint, body, sign({ host, path: '/', body, now: Date.now(), headers }));
}

function secretOf({ status, body }: Answer): Uint8Array {
  const secret = secretIn(body);
  if (status === 200 && secret !== undefined) return new TextEncoder().encode(secret);
  throw new Error(`Secrets Manager answered ${status} instead of the secret.`);
}

/** By Node's own client, which the database's has loaded: undici would be loaded for this alone. */
function post(endpoint: string, body: string, headers: Record<string, string>) {
  const request = endpoint.startsWith('http:') ? requestHttp : requestHttps;
  const signal = AbortSignal.timeout(DEADLINE_MS);
  return new Promise<Answer>((resolve, reject) => {
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
