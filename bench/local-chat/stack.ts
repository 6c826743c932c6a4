import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { startStack } from '../../local/stack.ts';

/** The chat as `npm start` runs it, in a process of its own that counts the posts to its gateway. */
const [, , dataFolder = ''] = process.argv;
const { url, dynamoEndpoint, connections } = await startStack({
  port: 0,
  dataFolder,
  settings: DEFAULT_SETTINGS,
  // Attacks come from many networks, which they say themselves.
  trusts: (address) => address === '127.0.0.1',
});
process.on('message', () => process.send?.(connections.posts));
process.on('disconnect', () => process.exit());
process.send?.({ url, dynamoEndpoint });
