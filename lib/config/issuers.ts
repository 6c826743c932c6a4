import { BUILT_IN_ONLY, type IssuerSettings } from '../../lambdas/auth/issuer-settings.ts';
import { parseIssuers } from '../../lambdas/auth/parse-issuers.ts';
import type { Context } from './context.ts';

/** A function's environment holds 4 KB in all. */
const MOST_BYTES = 3_000;

/**
 * `issuers`: who may issue tokens, as an object in cdk.json's context or as its JSON.
 *
 * @throws Error that names the issuer and the member, and what it takes
 */
export function readIssuers(context: Context): IssuerSettings {
  const given = context.value('issuers');
  if (given === undefined) return BUILT_IN_ONLY;
  const issuers = parseIssuers(given, '-c issuers', 'aws');
  const bytes = Buffer.byteLength(JSON.stringify(issuers));
  if (bytes <= MOST_BYTES) return issuers;
  throw new Error(
    `-c issuers takes ${bytes} bytes of the functions' environment, which has room for ${MOST_BYTES}. Name fewer.`,
  );
}
