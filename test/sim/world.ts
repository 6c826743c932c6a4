import type { Profile } from './profile.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Timeline } from './timeline.ts';

/** What all parts of one simulated world share. */
export interface World {
  random: SeededRandom;
  timeline: Timeline;
  profile: Profile;
  /** Whether things go wrong now. */
  faulty: boolean;
  /** Notes a step, when this run is to be read. */
  trace(actor: string, what: () => string): void;
  /** A broken promise. The run goes on to its end; the first one is what it reports. */
  violated(promise: string, detail: string): void;
}

/** Whether a fault of this probability strikes now. */
export const strikes = (world: World, probability: number): boolean =>
  world.faulty && world.random.chance(probability);

/** How long a token lasts that is issued now. Once nothing fails any more none expires. */
export const tokenLifetime = ({ faulty, profile }: World): number =>
  faulty || profile.kind === 'calm' ? profile.tokenMs : LONG_TOKEN_MS;

const LONG_TOKEN_MS = 600_000;
