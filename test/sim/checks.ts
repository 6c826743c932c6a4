import type { Code } from './code.ts';
import { contentsOf } from './contents-of.ts';
import type { GatewayWatch, Post, SimulatedGateway } from './gateway.ts';
import { Instance } from './instance.ts';
import { type SimulatedTable, TIME_TO_LIVE, type Write } from './table.ts';
import type { World } from './world.ts';

/** One event of a room's log, as it was seen to be written. */
export interface Stored {
  seq: number;
  id: string;
  userId: string;
  clientId: string;
  content: string;
  /** How many messages there are up to here; its seq, where it is not written. */
  n?: number;
  at: number;
  /** When, by the world's clock. */
  writtenAt: number;
  /** Until when it is kept. */
  expiresAt: number;
}

/** What every message begins with: no other room's connection may ever see it. */
export const markerOf = (room: string): string => `<${room}>`;

const MARKER = /^<(\w+)>/;

/** The promises that are checked at every step. Those of the end are in at-rest.ts. */
export class Checks implements GatewayWatch {
  /** Every room's log. */
  readonly logs = new Map<string, Stored[]>();
  /** Users who are being removed from a room. */
  readonly outcasts = new Set<string>();
  readonly #owners = new Map<string, string>();
  /** Rooms that a connection asked for. */
  readonly #asked = new Map<string, Set<string>>();
  /** Since when a connection, or a user, is out of a room. */
  readonly #outSince = new Map<string, number>();
  readonly #world: World;
  readonly #table: SimulatedTable;
  readonly #code: Code;
  /** Drafts that were left in an inbox: room, user and clientId. */
  readonly drafts = new Set<string>();
  /** Until when what was said is kept. */
  readonly #said = new Map<string, number>();
  readonly #presentSince = new Map<string, number>();
  readonly #authUntil = new Map<string, number>();
  readonly #tried = new Set<string>();
  readonly #failedAt = new Map<string, number>();
  readonly #lastSeq = new Map<string, number>();
  readonly #contents = new Map<string, string[]>();
  gateway: SimulatedGateway | undefined;

  constructor(world: World, table: SimulatedTable, code: Code) {
    this.#world = world;
    this.#table = table;
    this.#code = code;
    table.watch((write) => this.#wrote(write));
  }

  log(room: string): Stored[] {
    const known = this.logs.get(room) ?? [];
    this.logs.set(room, known);
    return known;
  }

  /** A connection is being opened, or is to join a room. */
  asks(id: string, userId: string, room: string): void {
    this.#owners.set(id, userId);
    const rooms = this.#asked.get(id) ?? new Set();
    this.#asked.set(id, rooms.add(room));
  }

  /** A connection was told that it has left, or a superuser that a user is removed. */
  isOut(whoever: string, room: string): void {
    this.#outSince.set(`${whoever} ${room}`, this.#world.timeline.now);
  }

  /** Whether it may be taken for gone: clocks differ. */
  hasExpired({ expiresAt }: Pick<Stored, 'expiresAt'>): boolean {
    return expiresAt <= this.#world.timeline.now + CLOCKS_MS;
  }

  isStored(draft: string): boolean {
    return this.#said.has(draft);
  }

  /** A client was told that its message stands at `seq`. */
  acknowledged(room: string, userId: string, clientId: string, seq: number): void {
    const stored = this.log(room)[seq - 1];
    if (stored?.userId === userId && stored.clientId === clientId) return;
    this.#world.violated(
      'what is acknowledged is in the log',
      `${userId} was told that ${clientId} is ${seq} of ${room}, where ${stored?.clientId} stands`,
    );
  }

  posting({ socket, frame, at }: Post): void {
    const contents = this.#contents.get(frame) ?? contentsOf(frame);
    this.#contents.set(frame, contents);
    for (const content of contents) {
      this.#tried.add(`${socket.id} ${content}`);
      // What a closed one does not get harms nobody.
      if (socket.state === 'open') this.#mayRead(socket.id, content, at);
      this.#inOrder(socket.id, content);
    }
  }

  posted({ socket, at }: Post, outcome: string): void {
    if (outcome !== 'delivered')
      this.#failedAt.set(socket.id, Math.max(at, this.#world.timeline.now));
  }

  #mayRead(id: string, content: string, at: number): void {
    const room = MARKER.exec(content)?.[1] ?? '';
    const until = this.#authUntil.get(id) ?? Number.POSITIVE_INFINITY;
    if (!this.#asked.get(id)?.has(room)) {
      this.#world.violated('nobody gets another room’s events', `${id} gets ${content}`);
    }
    for (const whoever of [id, this.#owners.get(id)]) {
      const out = this.#outSince.get(`${whoever} ${room}`) ?? Number.POSITIVE_INFINITY;
      if (at > out + ROUND_MS[this.#world.profile.kind]) {
        this.#world.violated('nobody gets events of a room he is out of', `${id} gets ${content}`);
      }
    }
    if (at > until + CLOCKS_MS) {
      this.#world.violated('nobody gets events past his token', `${id} gets ${content}`);
    }
  }

  /** Where nothing fails, frames of a room reach one connection in order, and once. */
  #inOrder(id: string, content: string): void {
    if (this.#world.profile.kind !== 'calm') return;
    const room = MARKER.exec(content)?.[1] ?? '';
    // What is said again after the first has expired stands twice.
    const seq = this.log(room).findLast((event) => event.content === content)?.seq ?? 0;
    const place = `${id} ${room}`;
    const last = this.#lastSeq.get(place) ?? 0;
    this.#lastSeq.set(place, seq);
    if (seq <= last) {
      this.#world.violated('frames come in order', `${id} gets ${seq} of ${room} after ${last}`);
    }
  }

  #wrote(write: Write): void {
    const { pk, sk, before, after } = write;
    if (pk.startsWith('LOG#')) this.#logWritten(write);
    else if (sk === 'PUMP') this.#leaseWritten(write);
    else if (pk.startsWith('INBOX#')) this.#draftWritten(write);
    else if (pk.startsWith('CONNS#') || sk === 'CONN') {
      const id = sk === 'CONN' ? pk.slice('CONN#'.length) : sk;
      if (before && !after) this.#mayRemove(id, write.by);
      const now = this.#world.timeline.now;
      // Who comes back from an expired token is as good as new: pumps may just have left it out.
      const wasOut = !before || Number(before.authUntil) < now + CLOCKS_MS;
      if (wasOut && after) this.#presentSince.set(`${pk} ${sk}`, now);
      if (after) {
        const known = this.#authUntil.get(id) ?? 0;
        this.#authUntil.set(id, Math.max(known, Number(after.authUntil)));
      }
    }
  }

  #logWritten({ pk, sk, before, after, by }: Write): void {
    const room = this.#code.keys.sighting(pk)?.room ?? '';
    const log = this.log(room);
    // Only once it has expired.
    if (before && !after && by === TIME_TO_LIVE) return;
    if (before || !after) this.#world.violated('the log never changes', `${pk} ${sk}`);
    if (Number(sk) <= log.length) {
      this.#world.violated('no seq is given twice', `${sk} of ${log.length} in ${room}`);
    } else if (Number(sk) !== log.length + 1) {
      this.#world.violated('the log is dense', `${sk} follows ${log.length} in ${room}`);
    }
    const expiresAt = Number(after?.expiresAt ?? Number.POSITIVE_INFINITY) * 1_000;
    const entries = (after?.group ?? [after]) as Omit<Stored, 'seq' | 'writtenAt' | 'expiresAt'>[];
    for (const entry of entries) {
      const said = idOf(room, entry);
      // Once for as long as it is kept.
      const known = this.#said.get(said);
      if (known !== undefined && !this.hasExpired({ expiresAt: known })) {
        this.#world.violated('a message is stored once', said);
      }
      this.#said.set(said, expiresAt);
      if (entry.at < (log.at(-1)?.at ?? 0)) {
        this.#world.violated('a room’s time runs forward', `${entry.at} at ${sk} of ${room}`);
      }
      const n = entry.n ?? log.length + 1;
      if (n !== log.length + 1) {
        this.#world.violated(
          'an event counts the messages',
          `${n} at ${log.length + 1} of ${room}`,
        );
      }
      const writtenAt = this.#world.timeline.now;
      log.push({ ...entry, seq: log.length + 1, writtenAt, expiresAt });
    }
  }

  /** Until a draft is in the log, its item is the only trace of what was said. */
  #draftWritten({ before, after }: Write): void {
    if (after) this.drafts.add(idOf(String(after.room), after));
    if (!before || after) return;
    const draft = idOf(String(before.room), before);
    if (!this.#said.has(draft)) this.#world.violated('a draft that was left is stored', draft);
  }

  #mayRemove(id: string, by: unknown): void {
    const socket = this.gateway?.sockets.get(id);
    if (!socket || socket.state === 'closed' || !(by instanceof Instance)) return;
    // A $connect takes its own rows back when it refuses; a client leaves, a superuser removes.
    if (by.serves === id && /^(connect|join|leave)/.test(by.name)) return;
    if (by.name.startsWith('http') && this.outcasts.has(this.#owners.get(id) ?? '')) return;
    this.#world.violated(
      'whoever is connected stays',
      `${by.name} removes ${id} (${socket.state})`,
    );
  }

  /** `pumped` tells the truth: each connection was tried with each event up to it. */
  #leaseWritten({ pk, before, after }: Write): void {
    const from = Number(before?.pumped ?? 0);
    const to = Number(after?.pumped ?? 0);
    // Where calls fail, the list of connections may, too; and a slow pump stops posting in time.
    if (to <= from || this.#world.profile.dynamoFault > 0) return;
    const now = this.#world.timeline.now;
    if (now > Number(before?.until ?? now) - LAST_POSTS_MS) return;
    const room = decodeURIComponent(pk.slice('ROOM#'.length));
    for (let shard = 0; shard < Number(before?.shards ?? 1); shard++) {
      for (const { pk: presences, sk, authUntil } of this.#table.items(
        this.#code.keys.presences(room, shard),
      )) {
        if (Number(authUntil) < now + CLOCKS_MS) continue;
        const since = this.#presentSince.get(`${presences} ${sk}`) ?? 0;
        for (const { seq, content, writtenAt } of this.log(room).slice(from, to)) {
          const excused = (this.#failedAt.get(String(sk)) ?? -1) >= writtenAt;
          if (since >= writtenAt || excused || this.#tried.has(`${sk} ${content}`)) continue;
          this.#world.violated('`pumped` tells the truth', `${sk} was not sent ${seq} of ${room}`);
        }
      }
    }
  }
}

const idOf = (room: string, { userId, clientId }: { userId?: unknown; clientId?: unknown }) =>
  `${room} ${userId} ${clientId}`;

/** Clocks differ, and a post takes its time. */
const CLOCKS_MS = 200;
/** A round that had read the list of connections before may go on for so long. */
const ROUND_MS = { calm: 3_000, rough: 11_500 };
/** A pump posts nothing in its lease's last four seconds; five, for clocks and pauses. */
const LAST_POSTS_MS = 5_000;
