import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { openDatabase } from '../../../local/database.ts';
import { openGateway } from '../../../local/gateway/gateway.ts';
import { sampleHandlers } from './handlers.ts';

/** The samples' handlers on the gateway and the database of `npm start`: `server.ts FOLDER PORT` */
const [, , folder, port] = process.argv;
const { table } = await openDatabase(folder);
// Each failure is one of a message: it is counted by what doesn't arrive.
const gateway = await openGateway({ log: () => {} });
const posts = new ApiGatewayManagementApiClient({
  endpoint: gateway.connectionsUrl,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
await gateway.serve({
  port: Number(port),
  routes: {
    socket: sampleHandlers(table, posts),
    withoutResponse: ['sendmessage'],
    http: [],
  },
});
