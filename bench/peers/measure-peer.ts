import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from '../child.ts';
import type { ClientAnswer, ClientTask } from './load/client.ts';
import type { Load, Loaded } from './load/load.ts';
import type { Peer, StartedPeer } from './peer.ts';
import { processUsage } from './process-usage.ts';

const CLIENT = fileURLToPath(new URL('load/client.ts', import.meta.url));
/** A busy machine may break one. */
const ATTEMPTS = 2;

/** With the server's resident memory right after it. */
export type Done = Loaded & { rssMb: number };

/** What came of a load, or why nothing did. */
export type Measured = Done | { broke: string };

/**
 * Starts a peer, has it do all the work, one after the other, and stops it. One that ends meanwhile is
 * started anew.
 *
 * @returns what came of each load, by its name
 */
export async function measurePeer(
  peer: Peer,
  installed: string,
  loads: readonly Load[],
): Promise<Map<string, Measured>> {
  const data = await mkdtemp(join(tmpdir(), 'parlor-peer-'));
  const results = new Map<string, Measured>();
  let started: StartedPeer | undefined;
  try {
    for (const load of loads) {
      let measured: Measured = { broke: 'it was not tried' };
      for (let attempt = 0; attempt < ATTEMPTS && 'broke' in measured; attempt++) {
        try {
          if (!started?.server.isAlive()) {
            await started?.server.stop();
            started = await peer.start(installed, await mkdtemp(join(data, 'run-')));
          }
          measured = await measure(peer, started, load);
        } catch (error) {
          measured = { broke: error instanceof Error ? error.message : String(error) };
        }
      }
      results.set(load.name, measured);
      const outcome = 'broke' in measured ? measured.broke : inShort(measured);
      console.log(`  ${peer.name}, ${load.name}: ${outcome}`);
    }
    return results;
  } finally {
    await started?.server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function measure(
  { wire }: Peer,
  { server, url, tokens }: StartedPeer,
  load: Load,
): Promise<Measured> {
  const task: ClientTask = {
    ...{ wire, url, load, pid: server.pid, tokens: await tokens() },
    run: `room${Date.now()}`,
  };
  const answer = await runChild<ClientAnswer>(CLIENT, [JSON.stringify(task)], {}, [
    '--disable-warning=ExperimentalWarning',
  ]);
  if (!server.isAlive()) return { broke: `the server ended: ${server.lastWords()}` };
  if ('broke' in answer) return answer;
  return { ...answer.loaded, rssMb: processUsage(server.pid).rssMb };
}

function inShort(done: Done): string {
  const { messages, seconds, p50, p99, deliveries, due, cpuMs, rssMb, refused } = done;
  const refusals = refused > 0 ? [`${refused} refused`] : [];
  const memory = `${rssMb.toFixed(0)} MB`;
  if (deliveries === 0) return [`nothing of ${due} came`, ...refusals, memory].join('; ');
  return [
    `${(messages / seconds).toFixed(0)} messages/s`,
    `p50 ${p50?.toFixed(2)} ms, p99 ${p99?.toFixed(1)} ms`,
    `${(cpuMs / deliveries).toFixed(3)} ms CPU a delivery`,
    `${deliveries} of ${due} delivered`,
    ...refusals,
    memory,
  ].join('; ');
}
