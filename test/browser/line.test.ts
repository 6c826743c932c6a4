import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type Line, openLine } from './line.ts';

const server = createServer((request, response) => {
  // What asks for /slow waits for ever.
  if (request.url !== '/slow') response.end('here');
});
let line: Line | undefined;

afterEach(async () => {
  await line?.close();
  server.closeAllConnections();
  server.close();
});

test('a line carries, is cut under what it carries, and carries again', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  line = await openLine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const { url } = line;
  const ask = async () => (await fetch(url)).text();
  expect(await ask()).toBe('here');

  const asked = once(server, 'request');
  const slow = fetch(`${url}/slow`);
  slow.catch(() => {});
  await asked;
  line.cut();
  await expect(slow).rejects.toThrow();
  await expect(ask()).rejects.toThrow();

  line.mend();
  expect(await ask()).toBe('here');
});
