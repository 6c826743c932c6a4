import { PERMISSIONS_BOUNDARY_CONTEXT_KEY } from 'aws-cdk-lib';
import type { Node } from 'constructs';

const HOW = `Write it into "context" of cdk.json: {"${PERMISSIONS_BOUNDARY_CONTEXT_KEY}": {"name": "the-policy"}}, or {"arn": …}.`;

/** A name that somebody would say it by, beside CDK's own. */
const OTHER_NAMES = ['permissionsBoundary', 'permissions-boundary', 'permissionBoundary'];

/**
 * CDK gives every role the boundary that its context names by an object, and takes anything else for
 * none, without a word: a text, as the command line has it, would deploy roles without a boundary.
 *
 * @throws Error that says how to name it
 */
export function refuseIgnoredBoundary(node: Node): void {
  const other = OTHER_NAMES.find((name) => node.tryGetContext(name) !== undefined);
  if (other !== undefined) throw new Error(`There is no setting "${other}". ${HOW}`);
  const said: unknown = node.tryGetContext(PERMISSIONS_BOUNDARY_CONTEXT_KEY);
  if (said === undefined || names(said)) return;
  throw new Error(
    `${PERMISSIONS_BOUNDARY_CONTEXT_KEY}=${JSON.stringify(said)} names no policy, and CDK would leave roles without a boundary. The command line can't say it. ${HOW}`,
  );
}

function names(said: unknown): boolean {
  if (typeof said !== 'object' || said === null) return false;
  const { name, arn } = said as Record<string, unknown>;
  return [name, arn].some((value) => typeof value === 'string' && value !== '');
}
