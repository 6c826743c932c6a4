import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTable } from '../../lambdas/aws/dynamo.ts';
import { ENV, FRAME_RATES } from '../../lambdas/aws/environment.ts';
import { LOCAL_TABLE, localDynamo } from '../../local/database.ts';
import type { Running } from '../../local/running.ts';
import { localTokenSecret } from '../../local/token-secret.ts';
import { benchTokens, createAccounts } from '../table.ts';
import { type Peer, USERS } from './peer.ts';
import { freePort, startServer } from './server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What follows `node` in the script `start`. */
async function startArgs(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  return scripts.start.split(' ').slice(1);
}

/** What `npm start` starts, with the highest rate that an operator may allow: no peer limits any. */
export const parlor: Peer = {
  name: 'Parlor',
  wire: 'parlor',
  stores:
    'every message in SQLite (WAL, `synchronous` NORMAL) before it acknowledges it: it survives a kill -9 of the process, and a loss of power but for the last moments. Each has a number in its room, by which a client finds what it missed',
  doesLess: '',
  hasRooms: true,
  async install() {},
  async start(_installed, data) {
    const port = await freePort();
    const { secret } = await localTokenSecret(data).read();
    const tokens = benchTokens(secret);
    const server = await startServer({
      command: process.execPath,
      args: await startArgs(),
      cwd: ROOT,
      env: {
        PORT: String(port),
        [ENV.dataFolder]: data,
        [ENV.frameBurst]: String(FRAME_RATES.burst.most),
        [ENV.framesPerSecond]: String(FRAME_RATES.perSecond.most),
      },
      port,
      says: 'Parlor is ready',
    });
    const running: Running = JSON.parse(await readFile(join(data, 'running.json'), 'utf8'));
    const table = openTable(LOCAL_TABLE, localDynamo(running.dynamoEndpoint ?? ''));
    await createAccounts(table, USERS);
    table.client.destroy();
    return {
      server,
      url: `http://127.0.0.1:${port}`,
      tokens: () => Promise.all(USERS.map((user) => tokens.access(user))),
    };
  },
};
