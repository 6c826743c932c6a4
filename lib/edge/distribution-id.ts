import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { callThere, parameterThere } from '../us-east-1.ts';

/** Where, in us-east-1, the id of a chat's distribution is to be read. */
export const distributionParameter = (chat: string) => `/${chat}/distribution-id`;

/** Tells the id of the distribution to us-east-1, where its metrics are. */
export class DistributionId extends Construct {
  constructor(scope: Construct, id: string, distributionId: string) {
    super(scope, id);
    const name = distributionParameter(Stack.of(this).stackName);
    callThere(this, 'Writer', {
      onUpdate: {
        service: 'SSM',
        action: 'putParameter',
        parameters: { Name: name, Value: distributionId, Type: 'String', Overwrite: true },
        physicalResourceId: PhysicalResourceId.of(name),
      },
      onDelete: {
        service: 'SSM',
        action: 'deleteParameter',
        parameters: { Name: name },
      },
      statements: [
        new PolicyStatement({
          actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
          resources: [parameterThere(this, name)],
        }),
      ],
    });
  }
}
