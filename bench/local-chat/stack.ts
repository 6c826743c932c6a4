import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { startStack } from '../../local/stack.ts';

/** The chat as `npm start` runs it, in a process of its own that counts the posts to its gateway. */
const [, , dataFolder = ''] = process.argv;
let posts = 0;
subscribe('http.server.request.start', (message) => {
  const { request } = message as { request: IncomingMessage };
  if (request.method === 'POST' && request.url?.startsWith('/@connections/')) posts++;
});
const { url, dynamoEndpoint } = await startStack({
  port: 0,
  dataFolder,
  settings: DEFAULT_SETTINGS,
});
process.on('message', () => process.send?.(posts));
process.on('disconnect', () => process.exit());
process.send?.({ url, dynamoEndpoint });
