import type { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import type { TracerOptions } from '@aws-lambda-powertools/tracer/types';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { SERVICE } from './metric-names.ts';

type Middleware = ReturnType<typeof captureLambdaHandler>;
type Request = Parameters<NonNullable<Middleware['before']>>[0];

/**
 * The middleware that traces each invocation and a client's calls with X-Ray: their operations and
 * the table's name, no keys and no values. It is half as large as a whole function, so it is loaded
 * by those only that were told to trace.
 *
 * Posts to connections are left out: a large room's round has thousands.
 */
export function tracing(client: Promise<DynamoDBDocumentClient>): Middleware {
  const loading = load(client);
  return {
    before: async (request: Request) => void (await (await loading).before?.(request)),
    after: async (request: Request) => void (await (await loading).after?.(request)),
    onError: async (request: Request) => void (await (await loading).onError?.(request)),
  };
}

/** Asked by Powertools before it looks at its own environment variables, which have no say then. */
const WITHOUT_CONTENT: TracerOptions['customConfigService'] = {
  // Answers hold tokens and what was said, and an error's text may quote a client.
  getTracingCaptureResponse: () => 'false',
  getTracingCaptureError: () => 'false',
  getCaptureHTTPsRequests: () => 'false',
  getTracingEnabled: () => 'true',
  getServiceName: () => SERVICE,
  getAwsExecutionEnv: () => '',
  getSamLocal: () => '',
  get: () => '',
  getXrayTraceId: () => undefined,
  getXrayTraceSampled: () => false,
  isDevMode: () => false,
  isValueTrue: () => false,
};

async function load(client: Promise<DynamoDBDocumentClient>): Promise<Middleware> {
  const [{ Tracer }, { captureLambdaHandler }] = await Promise.all([
    import('@aws-lambda-powertools/tracer'),
    import('@aws-lambda-powertools/tracer/middleware'),
  ]);
  const tracer = new Tracer({
    serviceName: SERVICE,
    // Posts are many, and go by sockets of our own or by undici, which that would follow.
    captureHTTPsRequests: false,
    customConfigService: WITHOUT_CONTENT,
  });
  tracer.captureAWSv3Client(await client);
  return captureLambdaHandler(tracer, { captureResponse: false });
}
