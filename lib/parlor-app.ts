import type { App } from 'aws-cdk-lib';
import { ParlorStack, type ParlorStackProps } from './parlor-stack.ts';
import { WebAclStack } from './web-acl-stack.ts';

/** Adds a stage's stack to an app, and the one beside it in us-east-1 if it needs that. */
export function addStage(app: App, props: ParlorStackProps): ParlorStack {
  // Within the app one name for all stages: some logical ids are made of it.
  const stack = new ParlorStack(app, 'Parlor', props);
  if (props.config.waf) stack.addStackDependency(new WebAclStack(app, 'ParlorWebAcl', stack));
  return stack;
}
