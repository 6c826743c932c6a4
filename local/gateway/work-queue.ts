import type { GatewayLimits } from './gateway-limits.ts';

/** Whose work it is, and where. Work of one caller, and work in one place, is held in bounds. */
export interface Claim {
  /** A user, where he is known; else where the request comes from. */
  caller: string;
  /** What much work at once would crowd, such as a room. */
  place?: string | undefined;
  /** There is more than enough to do in that place, by earlier work: one at a time for now. */
  crowded?: boolean;
  /** Nobody could do it again: it waits as long as it takes, and is never refused. */
  patient?: boolean;
}

/** Why work was not taken: its caller has too much of it, or there is too much of all callers. */
export type Refusal = 'caller' | 'full';

/** What is thrown in place of work that was not taken. Nothing of it was begun. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`Too much work: ${refusal}.`);
    this.refusal = refusal;
  }
}

export type WorkLimits = Pick<
  GatewayLimits,
  | 'workAtOnce'
  | 'workOfCaller'
  | 'workInPlace'
  | 'waitingInAll'
  | 'waitingOfCaller'
  | 'waitingInPlace'
  | 'longestWaitSeconds'
>;

interface Task {
  lane: Lane;
  place: Place | undefined;
  since: number;
  patient: boolean;
  go(): void;
  refuse(refusal: Refusal): void;
}

interface Lane {
  caller: string;
  atWork: number;
  /** In the order in which it came. */
  waiting: Task[];
  /** Since when none of its work is being done. */
  idleSince: number;
}

interface Place {
  name: string;
  atWork: number;
  /** So many at once for now. */
  limit: number;
  waiting: Set<Task>;
  /** How long the last one waited that came in when there was room again; 0 while there is room. */
  turnMs: number;
}

/**
 * Decides which work is done when, where all share one process. Callers that wait come in turn, each with
 * one piece of work: a caller with a thousand waits for its own. What would wait too long, or is too much to keep, is
 * refused before it is begun.
 */
export class WorkQueue {
  readonly #limits: WorkLimits;
  readonly #now: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #places = new Map<string, Place>();
  /** Lanes in which work waits, the one whose turn is next at the front. */
  readonly #turns = new Set<Lane>();
  readonly #waiting = new Set<Task>();
  #atWork = 0;
  #turnMs = 0;

  /** @param now milliseconds, of a clock that never goes back */
  constructor(limits: WorkLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Runs `work` when it is its turn.
   *
   * @throws RefusedError, when it was not begun; what it throws
   */
  async during<T>(claim: Claim, work: () => Promise<T>): Promise<T> {
    const lane = this.#laneOf(claim.caller);
    const place = this.#placeOf(claim);
    if (this.#mayBegin(lane, place)) this.#begin(lane, place);
    else await this.#turn(lane, place, claim.patient === true);
    try {
      return await work();
    } finally {
      this.#leave(lane, place);
    }
  }

  /** Whether it need not wait: for a place, and not for more of the same caller than a few. */
  #mayBegin(lane: Lane, place: Place | undefined): boolean {
    return (
      this.#isFree(place) &&
      lane.atWork < this.#limits.workOfCaller &&
      // Those that wait can't begin either.
      lane.waiting.every((task) => !this.#isFree(task.place))
    );
  }

  #isFree(place: Place | undefined): boolean {
    return this.#atWork < this.#limits.workAtOnce && (!place || place.atWork < place.limit);
  }

  #begin(lane: Lane, place: Place | undefined): void {
    this.#atWork++;
    lane.atWork++;
    if (place) place.atWork++;
  }

  #turn(lane: Lane, place: Place | undefined, patient: boolean): Promise<void> {
    const since = this.#now();
    const refusal = patient ? undefined : this.#refusalOf(lane, place, since);
    if (refusal) {
      this.#forget(lane, place);
      throw new RefusedError(refusal);
    }
    return new Promise((resolve, reject) => {
      const refuse = (refused: Refusal) => reject(new RefusedError(refused));
      const task: Task = { lane, place, since, patient, go: resolve, refuse };
      lane.waiting.push(task);
      this.#turns.add(lane);
      this.#waiting.add(task);
      place?.waiting.add(task);
    });
  }

  #refusalOf(lane: Lane, place: Place | undefined, now: number): Refusal | undefined {
    const { waitingOfCaller, waitingInPlace, waitingInAll, longestWaitSeconds } = this.#limits;
    // What comes now is to have its turn in time, and so is what came before.
    const longestMs = (longestWaitSeconds * 1_000) / 2;
    const [oldest] = lane.waiting;
    if (lane.waiting.length >= waitingOfCaller) return 'caller';
    // Of his own work it waits for more than its turn, unless there is no place for any.
    if (oldest && now - oldest.since > longestMs) return this.#isFree(place) ? 'caller' : 'full';
    if (this.#turnMs > longestMs || (place?.turnMs ?? 0) > longestMs) return 'full';
    const full =
      (place && place.waiting.size >= waitingInPlace && place.waiting) ||
      (this.#waiting.size >= waitingInAll && this.#waiting);
    if (!full) return undefined;
    return oldest === undefined && this.#pushOut(full) ? undefined : 'full';
  }

  /** Makes room for a caller who has nothing there, at the cost of the one who has most. */
  #pushOut(tasks: ReadonlySet<Task>): boolean {
    const counts = new Map<Lane, number>();
    let last: Task | undefined;
    let most = 1;
    for (const task of tasks) {
      const count = (counts.get(task.lane) ?? 0) + 1;
      counts.set(task.lane, count);
      if (count <= most) continue;
      most = count;
      last = task;
    }
    if (!last) return false;
    this.#withdraw(last);
    last.refuse('caller');
    return true;
  }

  #withdraw(task: Task): void {
    const { lane, place } = task;
    lane.waiting.splice(lane.waiting.indexOf(task), 1);
    if (lane.waiting.length === 0) this.#turns.delete(lane);
    this.#waiting.delete(task);
    place?.waiting.delete(task);
  }

  #leave(lane: Lane, place: Place | undefined): void {
    const now = this.#now();
    const wasFull = this.#atWork >= this.#limits.workAtOnce;
    const placeWasFull = place !== undefined && place.atWork >= place.limit;
    this.#atWork--;
    lane.atWork--;
    if (lane.atWork === 0) lane.idleSince = now;
    if (place) place.atWork--;
    this.#turnMs = 0;
    for (let task = this.#next(now); task; task = this.#next(now)) {
      const waitedMs = waitedForRoom(task, now);
      this.#withdraw(task);
      // To the end of the line.
      if (this.#turns.delete(task.lane)) this.#turns.add(task.lane);
      if (placeWasFull && task.place === place) place.turnMs = waitedMs;
      if (wasFull) this.#turnMs = waitedMs;
      this.#begin(task.lane, task.place);
      task.go();
    }
    if (place && (!placeWasFull || place.waiting.size === 0)) place.turnMs = 0;
    this.#forget(lane, place);
  }

  /** The first that can begin, of the caller whose turn it is. What has waited too long never does. */
  #next(now: number): Task | undefined {
    if (this.#atWork >= this.#limits.workAtOnce) return undefined;
    const longestMs = this.#limits.longestWaitSeconds * 1_000;
    for (const lane of this.#turns) {
      if (lane.atWork > 0) continue;
      for (const task of [...lane.waiting]) {
        if (!this.#isFree(task.place)) continue;
        if (task.patient || now - task.since <= longestMs) return task;
        this.#withdraw(task);
        task.refuse(waitedForRoom(task, now) > longestMs / 2 ? 'full' : 'caller');
      }
    }
    return undefined;
  }

  #laneOf(caller: string): Lane {
    const known = this.#lanes.get(caller);
    const lane = known ?? { caller, atWork: 0, waiting: [], idleSince: Number.NEGATIVE_INFINITY };
    if (!known) this.#lanes.set(caller, lane);
    return lane;
  }

  #placeOf({ place: name, crowded }: Claim): Place | undefined {
    if (name === undefined) return undefined;
    const limit = crowded ? 1 : this.#limits.workInPlace;
    const known = this.#places.get(name);
    const place = known ?? { name, atWork: 0, limit, waiting: new Set<Task>(), turnMs: 0 };
    if (!known) this.#places.set(name, place);
    place.limit = limit;
    return place;
  }

  /** Keeps nothing of what has nothing to do. */
  #forget(lane: Lane, place: Place | undefined): void {
    if (lane.atWork + lane.waiting.length === 0) this.#lanes.delete(lane.caller);
    if (place && place.atWork + place.waiting.size === 0) this.#places.delete(place.name);
  }
}

/** What it waited for work of its own caller is not for want of room. In milliseconds. */
const waitedForRoom = ({ since, lane }: Task, now: number) => now - Math.max(since, lane.idleSince);
