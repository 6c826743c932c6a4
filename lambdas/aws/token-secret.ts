import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { TokenSecretStore } from '../auth/token-keys.ts';
import { type AwsCredentials, requestSigner } from './request-signer.ts';

export interface SecretOptions {
  arn: string;
  region: string;
  credentials: AwsCredentials;
  /** Default: https://secretsmanager.<region>.amazonaws.com. */
  endpoint?: string | undefined;
}

const DEADLINE_MS = 5_000;

/**
 * Reads the text of a secret from Secrets Manager. Calls of two operations: the service's SDK client
 * would be the largest part of the function.
 *
 * @throws Error with the service's status, never with the secret
 */
export async function readSecret(options: SecretOptions): Promise<Uint8Array> {
  const answer = await call(options, 'GetSecretValue');
  return secretOf(answer);
}

/**
 * A secret with its versions.
 *
 * @throws as `readSecret`, of each of its functions
 */
export function secretVersions(options: SecretOptions): TokenSecretStore {
  return {
    async versions() {
      const { status, body } = await call(options, 'DescribeSecret');
      const versions = status === 200 ? parsed(body)?.VersionIdsToStages : undefined;
      if (versions) return new Map(Object.entries(versions));
      throw new Error(`Secrets Manager answered ${status} instead of the secret's versions.`);
    },
    async read(versionId) {
      const answer = await call(
        options,
        'GetSecretValue',
        versionId ? { VersionId: versionId } : {},
      );
      const secret = secretOf(answer);
      const id = parsed(answer.body)?.VersionId;
      if (id) return { id, secret };
      throw new Error("Secrets Manager didn't say which version of the secret it answered.");
    },
  };
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
  const answer = await call(options, 'GetSecretValue', { VersionStage: label });
  if (answer.status === 400 && answer.body.includes('ResourceNotFoundException')) return undefined;
  return secretOf(answer);
}

interface Answer {
  status: number;
  body: string;
}

async function call(
  {
    arn,
    region,
    credentials,
    endpoint = `https://secretsmanager.${region}.amazonaws.com`,
  }: SecretOptions,
  operation: 'GetSecretValue' | 'DescribeSecret',
  request: Record<string, string> = {},
): Promise<Answer> {
  const { host } = new URL(endpoint);
  const body = JSON.stringify({ SecretId: arn, ...request });
  const sign = requestSigner('secretsmanager', region, credentials);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `secretsmanager.${operation}`,
  };
  return await post(endpoint, body, sign({ host, path: '/', body, now: Date.now(), headers }));
}

function secretOf({ status, body }: Answer): Uint8Array {
  const secret = parsed(body)?.SecretString;
  if (status === 200 && typeof secret === 'string') return new TextEncoder().encode(secret);
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

/** What answers hold. Secrets Manager is believed as to their shape, and not as to what is there. */
interface Parsed {
  SecretString?: unknown;
  VersionId?: string;
  VersionIdsToStages?: Record<string, string[]>;
}

function parsed(body: string): Parsed | null {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own words would repeat a piece of the body, which may be the secret.
    return null;
  }
}
