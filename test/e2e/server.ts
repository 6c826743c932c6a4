import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Server {
  process: ChildProcess;
  url: string;
}

/**
 * Runs the chat as `npm start` does, in a process of its own that can be killed.
 *
 * @returns once it is ready, the page too
 */
export async function startServer(dataFolder: string, port = '0'): Promise<Server> {
  const server = spawn(process.execPath, ['local/start.ts'], {
    cwd: ROOT,
    env: { ...process.env, PORT: port, PARLOR_DATA: dataFolder, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    server.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /chat +(http:\S+\d)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    server.once('exit', () => reject(new Error(`The server ended without being ready: ${output}`)));
  });
  return { process: server, url };
}
