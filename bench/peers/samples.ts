import { fileURLToPath } from 'node:url';
import { type Peer, USERS } from './peer.ts';
import { freePort, startServer } from './server-process.ts';

const SERVER = fileURLToPath(new URL('samples/server.ts', import.meta.url));

export const samples: Peer = {
  name: "samples' handlers",
  wire: 'samples',
  stores:
    "who is connected, in the same table as Parlor; no message. Their function posts by AWS's SDK, as it does deployed",
  doesLess:
    'They store no message, check no token, and have one room for all: a message costs one scan, and a post by HTTP to each connection.',
  hasRooms: false,
  async install() {},
  async start(_installed, data) {
    const port = await freePort();
    const server = await startServer({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', SERVER, data, String(port)],
      port,
    });
    return { server, url: `http://127.0.0.1:${port}`, tokens: async () => USERS };
  },
};
