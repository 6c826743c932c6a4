import { ARRIVED_WITHIN_MS, PUMPED_WITHIN_MS } from './at-rest.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * What one run is like. Probabilities are per call, per invocation or per post. Classes of faults
 * are switched on and off by chance, for one can hide another.
 */
export interface Profile {
  /**
   * `calm`: nothing fails but single connections, nobody pings and no audit comes, so that
   * everything must arrive by itself. `rough`: everything may fail, and must be made good.
   */
  kind: 'calm' | 'rough';
  rooms: string[];
  /** The rooms' shards at the start. */
  shards: number;
  /** Users, each with one to three tabs. */
  users: number;
  /** Messages that each tab sends. */
  messages: number;
  /** How long people send, and things fail. */
  busyMs: number;
  /** All send at once, so that they lose slots to each other. */
  hot: boolean;
  /** Silent connections that make a room outgrow its shard. */
  crowd: number;
  tokenMs: number;
  /** Tokens come from logins, to which sockets are bound: they outlive their tokens. */
  logins: boolean;
  /** Items in one page of a query. */
  pageItems: number;
  /** Events in one page of a replay. */
  replayEvents: number;
  dynamoFault: number;
  staleRead: number;
  crash: number;
  invokeFault: number;
  postFault: number;
  falseGone: number;
  cut: number;
  missedDisconnect: number;
  /** How likely a page is loaded anew. */
  reload: number;
  /** Somebody is removed from a room. */
  removal: boolean;
  /** How likely a client leaves a room that it joined. */
  leaving: number;
  /**
   * How long history is kept. Then people talk a second time, while what they said the first time
   * expires. For ever in most runs.
   */
  retentionMs: number | undefined;
  /** When the faults stop, people close their pages for what they could not send. */
  giveUp: boolean;
}

/** What people said last must still be there when it is checked that all have it. */
const whileAllIsKept = ({ kind, busyMs }: Profile): number =>
  busyMs + PUMPED_WITHIN_MS[kind] + ARRIVED_WITHIN_MS[kind];

const either = (random: SeededRandom, from: number, to: number): number =>
  random.chance(0.5) ? random.between(from, to) : 0;

/** @param own decides what was thought of later, so that the same seeds go on as they did */
export function profileOf(random: SeededRandom, own: SeededRandom): Profile {
  const kind = random.chance(0.35) ? 'calm' : 'rough';
  const hot = random.chance(0.35);
  const crowd = random.chance(0.004) ? 1_001 : 0;
  const rough = kind === 'rough';
  const profile: Profile = {
    kind,
    hot,
    crowd,
    rooms: random.chance(0.5) || hot ? ['red'] : ['red', 'blue'],
    shards: random.pick([1, 1, 1, 2, 4]),
    users: hot ? random.whole(5, 8) : random.whole(2, 4),
    messages: random.whole(1, 4),
    busyMs: random.between(2_000, hot ? 6_000 : 25_000),
    tokenMs: random.chance(0.2) && rough ? random.between(4_000, 40_000) : 300_000,
    pageItems: crowd > 0 ? 400 : random.whole(2, 6),
    replayEvents: random.whole(2, 8),
    dynamoFault: rough ? either(random, 0.005, 0.06) : 0,
    staleRead: random.chance(0.5) ? 0.5 : 0,
    crash: rough ? either(random, 0.03, 0.3) : 0,
    invokeFault: rough ? either(random, 0.05, 0.3) : 0,
    postFault: rough ? either(random, 0.01, 0.1) : 0,
    falseGone: rough ? either(random, 0.01, 0.2) : 0,
    cut: rough ? either(random, 0.1, 0.5) : 0,
    missedDisconnect: either(random, 0.2, 0.8),
    reload: rough ? either(random, 0.1, 0.5) : 0,
    removal: random.chance(0.15),
    leaving: random.chance(0.3) ? 0.5 : 0,
    giveUp: random.chance(0.5),
    retentionMs: undefined,
    logins: false,
  };
  if (own.chance(0.2)) profile.retentionMs = whileAllIsKept(profile) + own.between(5_000, 15_000);
  profile.logins = own.chance(0.5);
  return profile;
}
