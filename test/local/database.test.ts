import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import dynalite from 'dynalite';
import { openTable } from '../../lambdas/aws/dynamo.ts';
import { ensureTable, LOCAL_TABLE, localDynamo } from '../../local/database.ts';

let server: Server;
let endpoint: string;
beforeEach(async () => {
  server = dynalite({ createTableMs: 200 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

test('a table takes requests once it is ensured, by whomever it was created', async () => {
  await Promise.all([ensureTable(endpoint), ensureTable(endpoint)]);
  const { client, name } = openTable(LOCAL_TABLE, localDynamo(endpoint));
  const put = new PutCommand({ TableName: name, Item: { pk: 'a', sk: 'b' } });
  expect(await client.send(put)).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  client.destroy();
});
