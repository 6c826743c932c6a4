import { readLocalConfig } from '../lambdas/aws/config.ts';
import { AlreadyRunningError, type Stack, startStack } from './stack.ts';
import { trustedProxies } from './trusted-proxies.ts';

/** `npm start` */
async function main(): Promise<void> {
  const config = readLocalConfig();
  const trusts = trustedProxies(config.trustProxy);
  const stack = await startStack({ ...config, trusts, page: true });
  await stack.pageReady;
  printWhereThingsAre(stack, config.dataFolder, config.settings.docs);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void stop(stack));
  }
}

function printWhereThingsAre(
  { localhostUrl: url, connectionsUrl, dynamoEndpoint }: Stack,
  folder: string,
  hasDocs: boolean,
): void {
  const socket = url.replace('http', 'ws');
  console.log(`
  Parlor is ready, ${(performance.now() / 1_000).toFixed(1)} s after its start.

  chat          ${url}/
  WebSocket     ${socket}/ws/chat/<room>/?token=<access token>
  REST          ${url}/api/${hasDocs ? docsAt(url) : ''}

  @connections  ${connectionsUrl}
  DynamoDB      ${dynamoEndpoint}  (data in ${folder})

  Ctrl-C ends it.
`);
}

const docsAt = (url: string) => `
  docs          ${url}/api/docs/  (Redoc: ${url}/api/schema/redoc/)
  socket docs   ${url}/api/schema/socket/`;

async function stop(stack: Stack): Promise<void> {
  console.log('\nClosing connections ...');
  // A second Ctrl-C ends it at once: nothing acknowledged is in memory only.
  process.once('SIGINT', () => process.exit(130));
  await stack.close();
  console.log('Bye.');
  process.exit(0);
}

function explain(error: unknown): string {
  if (error instanceof AlreadyRunningError) {
    return `${error.message}\nUse that one, end it, or choose another folder: PARLOR_DATA=.parlor2 PORT=8001 npm start`;
  }
  if (error instanceof Error && 'code' in error && 'port' in error && error.code === 'EADDRINUSE') {
    return `Port ${error.port} is taken by another program.\nEnd that, or choose another port: PORT=8001 npm start`;
  }
  return error instanceof Error ? error.message : String(error);
}

await main().catch((error: unknown) => {
  console.error(`\n${explain(error)}\n`);
  process.exit(1);
});
