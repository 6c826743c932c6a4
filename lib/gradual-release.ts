import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Release } from './config/release.ts';
import type { ParlorFunction } from './parlor-function.ts';

/**
 * Alarms look at five minutes at a time: a shorter step would be over before one could go off.
 */
const STEPS = {
  'all-at-once': LambdaDeploymentConfig.ALL_AT_ONCE,
  canary: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
  linear: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES,
};

/** CodeDeploy takes no more for a group. */
const MOST_ALARMS = 10;

const POLICY = 'service-role/AWSCodeDeployRoleForLambdaLimited';

export interface GradualReleaseProps {
  release: Exclude<Release, 'direct'>;
  /** All with an alias. */
  functions: readonly ParlorFunction[];
  /** Each of them ends a release by steps, and leads all traffic back. */
  alarms: readonly Alarm[];
}

/** Leads traffic from a function's old version to its new one, step by step, and back if it fails. */
export class GradualRelease extends Construct {
  constructor(scope: Construct, id: string, { release, functions, alarms }: GradualReleaseProps) {
    super(scope, id);
    if (alarms.length > MOST_ALARMS) {
      throw new Error(`CodeDeploy looks at ${MOST_ALARMS} alarms at most, and these are more.`);
    }
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(POLICY)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${POLICY}]`,
      reason: 'Only CodeDeploy can take the role, and what it needs is documented by this policy.',
    });
    for (const { node, alias } of functions) {
      if (!alias) throw new Error(`${node.path} has no alias.`);
      new LambdaDeploymentGroup(this, node.id, {
        application,
        alias,
        role,
        deploymentConfig: STEPS[release],
        // At once there is no meanwhile; and this is the way for what has to go out while one rings.
        ...(release !== 'all-at-once' && { alarms: [...alarms] }),
      });
    }
  }
}
