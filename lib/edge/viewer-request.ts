import { readFileSync } from 'node:fs';
import { Aws, Stack } from 'aws-cdk-lib';
import {
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionRuntime,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

const SOURCE = new URL('./viewer-request.js', import.meta.url);

/** The text of the function, for a WebSocket API whose stage has this name. */
export function viewerRequestCode(stageName: string): string {
  return readFileSync(SOURCE, 'utf8').replace("'/STAGE'", JSON.stringify(`/${stageName}`));
}

/** Routes by path at the edge, see viewer-request.js. */
export class ViewerRequest extends CloudFrontFunction {
  constructor(scope: Construct, id: string, stageName: string) {
    super(scope, id, {
      // As for all of CloudFront, the name counts in the whole account, over all regions.
      functionName: `${Stack.of(scope).stackName}-${Aws.REGION}-${id}`,
      comment: 'Rooms into the query, the host into a header, places in the page to its document',
      code: FunctionCode.fromInline(viewerRequestCode(stageName)),
      runtime: FunctionRuntime.JS_2_0,
    });
  }
}
