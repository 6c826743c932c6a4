import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce, run } from './install.ts';
import { type Peer, USERS } from './peer.ts';
import { freePort, startServer } from './server-process.ts';

const APP = fileURLToPath(new URL('django', import.meta.url));

const PACKAGES = [
  'django==5.2.19',
  'channels==4.3.2',
  'daphne==4.2.3',
  'djangorestframework==3.18.3',
  'djangorestframework-simplejwt==5.5.1',
];

export const django: Peer = {
  name: 'Django Channels',
  wire: 'channels',
  stores:
    "every message in SQLite before it is sent on, set as Parlor's is (WAL, `synchronous` NORMAL), to its favour: as Django comes, each message waits for the disk. It acknowledges nothing, numbers nothing, and its groups, in memory, drop what a slow member doesn't take",
  doesLess:
    "It inserts one row for a message, and sends it to whom its own memory lists; it knows no acknowledgement, no order, no duplicate, no rate and no second process, for all of which Parlor reads and writes its table, as it does deployed. Python, with what it loads, begins with less memory than Node with AWS's SDK.",
  hasRooms: true,
  install: (folder) =>
    installOnce(folder, PACKAGES, async () => {
      await run('python3', ['-m', 'venv', join(folder, 'venv')]);
      const quietly = ['--quiet', '--disable-pip-version-check'];
      await run(join(folder, 'venv/bin/pip'), ['install', ...quietly, ...PACKAGES]);
    }),
  async start(installed, data) {
    const bin = join(installed, 'venv/bin');
    const port = await freePort();
    const env = {
      PEER_DATA: data,
      PEER_SECRET: randomBytes(32).toString('hex'),
      PYTHONPATH: APP,
      // Nothing of it is to appear beside the sources.
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const prepare = join(APP, 'prepare.py');
    const tokens: string[] = JSON.parse(
      await run(join(bin, 'python'), [prepare, ...USERS], { env }),
    );
    const server = await startServer({
      command: join(bin, 'daphne'),
      args: ['-b', '127.0.0.1', '-p', String(port), '--verbosity', '0', 'asgi:application'],
      env,
      cwd: data,
      port,
    });
    return { server, url: `http://127.0.0.1:${port}`, tokens: async () => tokens };
  },
};
