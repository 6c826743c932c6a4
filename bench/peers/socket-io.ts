import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { hs256Token } from './hs256.ts';
import { installOnce, run } from './install.ts';
import { type Peer, USERS } from './peer.ts';
import { freePort, startServer } from './server-process.ts';

const SERVER = fileURLToPath(new URL('socket-io/server.cjs', import.meta.url));
const PACKAGES = ['socket.io@4.8.4'];
const TOKEN_SECONDS = 3_600;

export const socketIo: Peer = {
  name: 'Socket.IO',
  wire: 'socket.io',
  stores: 'the newest 100 messages of a room in memory: all is gone with its process',
  doesLess:
    'It keeps messages in memory only, and writes each to the sockets that its own memory lists: nothing is stored, acknowledged, ordered over several processes, looked up or limited.',
  hasRooms: true,
  install: (folder) =>
    installOnce(folder, PACKAGES, async () => {
      const options = ['--prefix', folder, '--no-audit', '--no-fund', '--no-save'];
      await run('npm', ['install', ...options, ...PACKAGES], { cwd: folder });
    }),
  async start(installed) {
    const port = await freePort();
    const secret = randomBytes(32).toString('hex');
    const server = await startServer({
      command: process.execPath,
      args: [SERVER, installed, String(port)],
      env: { PEER_SECRET: secret, NODE_ENV: 'production' },
      port,
    });
    return {
      server,
      url: `http://127.0.0.1:${port}`,
      tokens: async () => USERS.map((user) => hs256Token(secret, user, TOKEN_SECONDS)),
    };
  },
};
