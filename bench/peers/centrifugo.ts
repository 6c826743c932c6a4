import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hs256Token } from './hs256.ts';
import { installOnce, run } from './install.ts';
import { type Peer, USERS } from './peer.ts';
import { freePort, startServer } from './server-process.ts';

const CONFIG = fileURLToPath(new URL('centrifugo/config.json', import.meta.url));
const MODULE = 'github.com/centrifugal/centrifugo/v6@v6.9.1';
const TOKEN_SECONDS = 3_600;

export const centrifugo: Peer = {
  name: 'Centrifugo',
  wire: 'centrifugo',
  stores:
    'the newest 100 messages of a room in memory, for five minutes: all is gone with its process',
  doesLess:
    'It is compiled, keeps messages in memory only, and writes each to the sockets that its own memory lists: it acknowledges what no disk holds.',
  hasRooms: true,
  async install(folder) {
    await run('go', ['version']);
    await installOnce(folder, [MODULE], async () => {
      await run('go', ['install', MODULE], { cwd: folder, env: { GOBIN: folder } });
    });
  },
  async start(installed, data) {
    const port = await freePort();
    const secret = randomBytes(32).toString('hex');
    const server = await startServer({
      command: join(installed, 'centrifugo'),
      args: ['--config', CONFIG],
      env: {
        CENTRIFUGO_HTTP_SERVER_PORT: String(port),
        CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: secret,
      },
      cwd: data,
      port,
    });
    return {
      server,
      url: `http://127.0.0.1:${port}`,
      tokens: async () => USERS.map((user) => hs256Token(secret, user, TOKEN_SECONDS)),
    };
  },
};
