import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { centrifugo } from './peers/centrifugo.ts';
import { django } from './peers/django.ts';
import { type Measured, measurePeer } from './peers/measure-peer.ts';
import { peersReport, type Tried } from './peers/page.ts';
import { parlor } from './peers/parlor.ts';
import type { Peer } from './peers/peer.ts';
import { LOADS, MANY } from './peers/rows.ts';
import { samples } from './peers/samples.ts';
import { socketIo } from './peers/socket-io.ts';
import type { Scenario } from './report.ts';

const PEERS: readonly Peer[] = [parlor, django, samples, socketIo, centrifugo];
const ROUNDS = 3;
const CACHE = fileURLToPath(new URL('../node_modules/.cache/parlor-peers', import.meta.url));

export const peers: Scenario = {
  name: 'peers',
  title: 'Peers: the same work by five chats',
  onlyByName: true,
  async run({ rounds = ROUNDS } = {}) {
    const skipped = new Map<string, string>();
    const tried: Tried[] = [];
    for (const peer of PEERS) {
      const installed = join(CACHE, peer.name.replaceAll(/\W+/g, '-').toLowerCase());
      try {
        await peer.install(installed);
        tried.push({ peer, installed, rounds: [] });
      } catch (error) {
        skipped.set(peer.name, error instanceof Error ? error.message : String(error));
        console.log(`  ${peer.name} is skipped: ${skipped.get(peer.name)}`);
      }
    }
    const long: Map<string, Measured>[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const { peer, installed, rounds } of tried) {
        const loads = Object.values(LOADS).filter((load) => peer.hasRooms || load.rooms === 1);
        rounds.push(await measurePeer(peer, installed, loads));
      }
      long.push(await measurePeer(parlor, '', MANY));
    }
    return peersReport({ tried, skipped, long });
  },
};
