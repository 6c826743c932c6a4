import { strikes, type World } from './world.ts';

/** How one call to the outside ends. */
export type Outcome<Result> = { value: Result } | { error: unknown };

/** A failure that the simulator made up. */
export class SimulatedFault extends Error {}

/** A new one each time: whoever waits for a promise is kept as long as the promise. */
const never = () => new Promise<never>(() => undefined);
const UP_TO_CALLS = 14;

/**
 * One invocation of a Lambda function. It may crash at any await: then no promise of its own ever
 * settles again. Once it has answered it is frozen, and what it had not awaited does not happen.
 */
export class Instance {
  readonly name: string;
  /** The connection whose frame, or handshake, it serves. */
  readonly serves: string | undefined;
  readonly #world: World;
  readonly #onDeath: (why: string) => void;
  readonly #skewMs: number;
  #state: 'running' | 'dead' | 'frozen' = 'running';
  /** After so many calls it crashes. */
  #fuse: number;

  constructor(
    world: World,
    name: string,
    serves: string | undefined,
    onDeath: (why: string) => void,
  ) {
    this.#world = world;
    this.name = name;
    this.serves = serves;
    this.#onDeath = onDeath;
    this.#skewMs = Math.round(world.random.between(-50, 50));
    this.#fuse = strikes(world, world.profile.crash)
      ? world.random.whole(0, UP_TO_CALLS)
      : Number.POSITIVE_INFINITY;
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** The clocks of Lambda's hosts differ a little. */
  now(): number {
    return Math.round(this.#world.timeline.now) + this.#skewMs;
  }

  /** Whether what it had sent still reaches the other side. What a crashed one sent may. */
  reaches(): boolean {
    if (this.#state === 'dead') return this.#world.random.chance(0.5);
    return this.#state === 'running';
  }

  die(why: string): void {
    if (this.#state !== 'running') return;
    this.#state = 'dead';
    this.#world.trace(this.name, () => why);
    this.#onDeath(why);
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  /** A call to the outside. `start` says how it ends, by `done`, at some later time. */
  call<Result>(start: (done: (outcome: Outcome<Result>) => void) => void): Promise<Result> {
    if (this.#fuse-- <= 0) this.die('crashes');
    if (!this.running) return never();
    return new Promise((resolve, reject) => {
      start((outcome) => {
        if (!this.running) return;
        if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.value);
      });
    });
  }

  sleep(ms: number): Promise<void> {
    return this.call((done) => this.#world.timeline.in(ms, () => done({ value: undefined })));
  }
}
