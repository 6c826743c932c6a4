import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Stands for the @connections API: takes every post, and tells how many came. */
const [, , folder = ''] = process.argv;
let posts = 0;
const server = createServer(
  { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) },
  (request, response) => {
    request.resume().on('end', () => {
      posts++;
      response.end();
    });
  },
);
// A sender that is short of CPU time must not meet a socket that is just being closed.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('message', () => process.send?.(posts));
process.on('disconnect', () => process.exit());
process.send?.((server.address() as AddressInfo).port);
