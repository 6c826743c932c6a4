import { readFileSync } from 'node:fs';
import { stackName } from '../../lib/config.ts';

/**
 * The name of the stack that a deployment with these settings would change.
 *
 * @param settings `name=value` each, of the command line
 * @param cdkJson the text of cdk.json, whose context holds the others
 * @throws Error when a key's version stands in cdk.json, where it would outlive the rotation
 */
export function stackOf(
  settings: readonly string[],
  cdkJson: string = readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
): string {
  const { context = {} }: { context?: Record<string, unknown> } = JSON.parse(cdkJson);
  if ('edgeKeyVersion' in context || settings.some((each) => each.startsWith('edgeKeyVersion='))) {
    throw new Error(
      'edgeKeyVersion is what this sets. Take it out of cdk.json and of the command: with an old ' +
        'one, the next deployment would have the edge show a key that nobody admits any more.',
    );
  }
  const said = settings.findLast((each) => each.startsWith('stage='))?.slice('stage='.length);
  const stage = said ?? context.stage;
  return stackName({ stage: stage === undefined ? undefined : String(stage) });
}
