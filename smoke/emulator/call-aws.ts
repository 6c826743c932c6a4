import { requestSigner } from '../../lambdas/aws/request-signer.ts';
import { type Emulator, REGION } from './ministack.ts';

/** What it takes to reach AWS, or who stands in for it. */
export type Reached = Pick<Emulator, 'endpoint' | 'credentials'>;

/**
 * Calls an operation of one of AWS's JSON services, of which no client is among the packages.
 *
 * @param target as in `X-Amz-Target`: `Logs_20140328.FilterLogEvents`
 * @throws Error with what the service answered, when it refuses
 */
export async function callAws(
  { endpoint, credentials }: Reached,
  service: string,
  target: string,
  request: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(request);
  const sign = requestSigner(service, REGION, credentials);
  const { host, ...headers } = sign({
    host: new URL(endpoint).host,
    path: '/',
    body,
    now: Date.now(),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  });
  // fetch() sends Host by itself, as it was signed.
  const answer = await fetch(endpoint, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target} was answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
