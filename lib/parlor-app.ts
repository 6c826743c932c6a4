import { type App, Tags } from 'aws-cdk-lib';
import { VaultStack } from './backup/vault-stack.ts';
import { GlobalAlarmsStack, globallyWatched } from './global-alarms-stack.ts';
import { ParlorStack, type ParlorStackProps } from './parlor-stack.ts';
import { WebAclStack } from './web-acl-stack.ts';

/** Adds a stage's stack to an app, and those beside it in other regions if it needs them. */
export function addStage(app: App, props: ParlorStackProps): ParlorStack {
  // Within the app one name for all stages: some logical ids are made of it.
  const stack = new ParlorStack(app, 'Parlor', props);
  const { waf, backup } = props.config;
  if (waf) stack.addStackDependency(new WebAclStack(app, 'ParlorWebAcl', stack));
  if (backup) stack.addStackDependency(new VaultStack(app, 'ParlorBackups', stack, backup.region));
  const watched = globallyWatched(props.config);
  if (watched) {
    const alarms = new GlobalAlarmsStack(app, 'ParlorGlobalAlarms', stack, watched);
    alarms.addStackDependency(stack);
  }
  for (const [key, value] of Object.entries(props.config.tags)) Tags.of(app).add(key, value);
  return stack;
}
