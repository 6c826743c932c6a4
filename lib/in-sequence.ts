import { CfnIntegration, CfnRoute, CfnRouteResponse, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct, IConstruct } from 'constructs';

/**
 * Has CloudFormation change the parts of an API one after another: integrations, routes, their
 * responses, then the stage. API Gateway may refuse changes that come at once with
 * "ConflictException: Unable to complete operation due to concurrent modification", and an
 * `autoDeploy` stage adds a deployment of its own to each. CloudFormation makes everything at once
 * that nothing keeps apart, and CDK keeps apart only what refers to each other. The stage comes
 * last, so that the first deployment of the API is made once.
 *
 * @param scope holds all parts of one API, and of no other
 */
export function changeInSequence(scope: Construct): void {
  const parts = scope.node.findAll();
  const chain = [CfnIntegration, CfnRoute, CfnRouteResponse, CfnStage].flatMap((kind) =>
    parts.filter((part): part is InstanceType<typeof kind> => part instanceof kind),
  );
  chain.forEach((part, index) => {
    const before: IConstruct | undefined = chain[index - 1];
    if (before) part.node.addDependency(before);
  });
}
