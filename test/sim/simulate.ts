import {
  ARRIVED_WITHIN_MS,
  checkClients,
  checkDrafts,
  checkOldClients,
  checkPumped,
  checkWriters,
  PUMPED_WITHIN_MS,
} from './at-rest.ts';
import { deleteExpired, followStream, sweepRegularly } from './background.ts';
import { Checks } from './checks.ts';
import { Cloud } from './cloud.ts';
import type { Code } from './code.ts';
import { type People, peopleOf } from './people.ts';
import { type Profile, profileOf } from './profile.ts';
import { SeededRandom } from './seeded-random.ts';
import { SimulatedTable } from './table.ts';
import { Timeline } from './timeline.ts';
import type { World } from './world.ts';

export interface SimulationOptions {
  seed: number;
  code: Code;
  /** Keep what happened, to be read. */
  traced?: boolean;
}

export interface Finding {
  seed: number;
  promise: string;
  detail: string;
}

export interface Simulated {
  finding: Finding | undefined;
  trace: string[];
  profile: Profile;
  /** How many things happened. */
  steps: number;
  /** How many events were stored, and how many of them in groups. */
  stored: number;
  grouped: number;
}

const START = Date.UTC(2026, 0, 1);

/** So long before the first message expires may people meet again. */
const EARLY_MS = 3_000;

/** One life of one small chat, decided by the seed. */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const { seed, code, traced = false } = options;
  const random = new SeededRandom(seed);
  const timeline = new Timeline(START);
  const trace: string[] = [];
  const profile = profileOf(random, new SeededRandom(~seed));
  let finding: Finding | undefined;
  const note = (actor: string, what: string) =>
    trace.push(`${((timeline.now - START) / 1_000).toFixed(3).padStart(8)} ${actor} ${what}`);
  const world: World = {
    random,
    timeline,
    profile,
    faulty: profile.kind === 'rough',
    trace: (actor, what) => traced && note(actor, what()),
    violated(promise, detail) {
      if (traced) note('BROKEN:', `${promise}: ${detail}`);
      finding ??= { seed, promise, detail };
    },
  };
  const table = new SimulatedTable({
    now: () => timeline.now,
    // A slice of an inbox is read in one page: a hundred drafts are less than 1 MB.
    pageItems: (pk) => (pk.startsWith('INBOX#') ? 100 : profile.pageItems),
    lagMs: () => (random.chance(profile.staleRead) ? random.between(0, 1_000) : 0),
  });
  const checks = new Checks(world, table, code);
  const cloud = new Cloud(world, code, table, checks);
  checks.gateway = cloud.gateway;
  let grouped = 0;
  table.watch(({ after }) => {
    if (Array.isArray(after?.group)) grouped += after.group.length;
  });
  for (const room of profile.rooms) {
    if (profile.shards > 1) table.seed({ ...code.keys.lease(room), shards: profile.shards });
  }
  const people = peopleOf(cloud, checks);
  try {
    await live(cloud, checks, people);
  } catch (failure) {
    world.violated('the simulator understands what it is asked', String(failure));
  }
  const stored = [...checks.logs.values()].reduce((sum, log) => sum + log.length, 0);
  return { finding, trace, profile, steps: timeline.count, stored, grouped };
}

/**
 * People come a second time, while what they said the first time expires, or when it has.
 *
 * @param expiring when the first of it does
 */
async function meetAgain(
  cloud: Cloud,
  checks: Checks,
  people: People,
  expiring: number,
): Promise<void> {
  const { world } = cloud;
  const { timeline, profile, random } = world;
  world.trace('world', () => 'nothing fails for a while');
  world.faulty = false;
  await timeline.run(timeline.now + PUMPED_WITHIN_MS[profile.kind]);
  checkPumped(cloud, checks);
  people.part();
  await timeline.run(expiring + random.between(-EARLY_MS, profile.busyMs));

  world.trace('world', () => 'people meet again');
  world.faulty = profile.kind === 'rough';
  people.meetAgain();
  await timeline.run(timeline.now + profile.busyMs);
}

async function live(cloud: Cloud, checks: Checks, people: People): Promise<void> {
  const { world } = cloud;
  const { timeline, profile } = world;
  if (profile.kind === 'rough') {
    followStream(cloud);
    sweepRegularly(cloud);
  }
  if (profile.retentionMs !== undefined) deleteExpired(cloud);
  people.begin();
  const began = timeline.now;
  await timeline.run(began + profile.busyMs);
  if (profile.retentionMs !== undefined) {
    await meetAgain(cloud, checks, people, began + profile.retentionMs);
  }

  world.trace('world', () => 'nothing fails any more, and nobody says anything new');
  world.faulty = false;
  people.giveUp();
  await timeline.run(timeline.now + PUMPED_WITHIN_MS[profile.kind]);
  checkPumped(cloud, checks);
  await timeline.run(timeline.now + ARRIVED_WITHIN_MS[profile.kind]);
  checkPumped(cloud, checks);
  checkDrafts(cloud, checks);
  checkClients(cloud, checks, people.clients);
  checkWriters(cloud, people.writers);
  checkOldClients(cloud, checks, people.oldClients);
}
