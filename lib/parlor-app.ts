import { type App, Tags } from 'aws-cdk-lib';
import { VaultStack } from './backup/vault-stack.ts';
import { EdgeAlarmsStack } from './edge-alarms-stack.ts';
import { ParlorStack, type ParlorStackProps } from './parlor-stack.ts';
import { WebAclStack } from './web-acl-stack.ts';

/** Adds a stage's stack to an app, and those beside it in other regions if it needs them. */
export function addStage(app: App, props: ParlorStackProps): ParlorStack {
  // Within the app one name for all stages: some logical ids are made of it.
  const stack = new ParlorStack(app, 'Parlor', props);
  const { waf, edge, alarmEmail, backup } = props.config;
  if (waf) stack.addStackDependency(new WebAclStack(app, 'ParlorWebAcl', stack));
  if (backup) stack.addStackDependency(new VaultStack(app, 'ParlorBackups', stack, backup.region));
  if (edge && alarmEmail !== undefined) {
    const alarms = new EdgeAlarmsStack(app, 'ParlorEdgeAlarms', stack, alarmEmail);
    alarms.addStackDependency(stack);
  }
  for (const [key, value] of Object.entries(props.config.tags)) Tags.of(app).add(key, value);
  return stack;
}
