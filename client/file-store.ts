import { createHash } from 'node:crypto';
import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ifThere, namesIn, readJson, writeJson } from './json-files.ts';
import { parseCachedRoom, parseOutboxEntry } from './kept.ts';
import { bury, isDead, ProcessLife } from './process-life.ts';
import { randomId } from './random-id.ts';
import type { CachedRoom, OutboxEntry, Store } from './store.ts';
import { storeFailed } from './store-failed.ts';

/**
 * Keeps everything in a folder, for Node. Several processes of one person may share it: each has
 * the entries that were written in it, and adopts those of processes that ended.
 *
 * Every method throws ParlorClientError `store_failed` when the file system refuses. Calls take
 * effect in the order in which they are made. A store that was closed may be used by the next
 * client.
 *
 * @param folder made when it is needed: one for each person and chat
 */
export function fileStore(folder: string): Store {
  return new FileStore(folder);
}

/**
 *     outbox/<owner>/<hash of room and clientId>.json    an entry
 *     rooms/<hash of room>/<upTo>.json                   a room's end
 *
 * Nothing is ever changed in place, so that no process has to lock another out: an entry is
 * adopted by a rename, in which one of several succeeds, and of a room's ends the furthest counts.
 */
class FileStore implements Store {
  readonly #outbox: string;
  readonly #rooms: string;
  #life: ProcessLife | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#outbox = join(folder, 'outbox');
    this.#rooms = join(folder, 'rooms');
  }

  adoptOutbox(): Promise<OutboxEntry[]> {
    return this.#inTurn(async () => {
      const own = await this.#ownFolder();
      const adopted: OutboxEntry[] = [];
      for (const owner of await namesIn(this.#outbox)) {
        const folder = join(this.#outbox, owner);
        if (folder !== own && (await isDead(owner))) adopted.push(...(await takeOver(folder, own)));
      }
      return adopted;
    });
  }

  putOutbox(entry: OutboxEntry): Promise<void> {
    return this.#inTurn(async () => {
      const name = entryName(entry.room, entry.clientId);
      await writeJson(join(await this.#ownFolder(), name), entry);
    });
  }

  removeOutbox(room: string, clientId: string): Promise<void> {
    return this.#inTurn(async () => {
      await rm(join(await this.#ownFolder(), entryName(room, clientId)), { force: true });
    });
  }

  loadRoom(room: string): Promise<CachedRoom | undefined> {
    return this.#inTurn(async () => {
      const folder = this.#roomFolder(room);
      for (const upTo of await endsIn(folder)) {
        const cached = parseCachedRoom(await readJson(join(folder, `${upTo}.json`)));
        if (cached) return cached;
      }
      return undefined;
    });
  }

  saveRoom(room: string, cached: CachedRoom): Promise<void> {
    return this.#inTurn(async () => {
      const folder = this.#roomFolder(room);
      const kept = await endsIn(folder);
      if (kept.some((upTo) => upTo > cached.upTo)) return;
      await writeJson(join(folder, `${cached.upTo}.json`), cached);
      const older = kept.filter((upTo) => upTo < cached.upTo);
      await Promise.all(older.map((upTo) => rm(join(folder, `${upTo}.json`), { force: true })));
    });
  }

  forgetRoom(room: string): Promise<void> {
    return this.#inTurn(() => rm(this.#roomFolder(room), { recursive: true, force: true }));
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      await rm(this.#outbox, { recursive: true, force: true });
      await rm(this.#rooms, { recursive: true, force: true });
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      const life = this.#life;
      if (!life) return;
      this.#life = undefined;
      await removeIfEmpty(join(this.#outbox, life.owner));
      await life.end();
    });
  }

  /** Where this store's entries are; once it is there, others can see that its owner lives. */
  async #ownFolder(): Promise<string> {
    this.#life ??= await ProcessLife.begin(randomId());
    return join(this.#outbox, this.#life.owner);
  }

  #roomFolder(room: string): string {
    return join(this.#rooms, hashOf(room));
  }

  async #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(action);
    // Whoever asked is told below; the next one goes on.
    this.#last = turn.catch(() => {});
    try {
      return await turn;
    } catch (error) {
      throw storeFailed(error);
    }
  }
}

async function takeOver(theirs: string, own: string): Promise<OutboxEntry[]> {
  await mkdir(own, { recursive: true, mode: 0o700 });
  const adopted: OutboxEntry[] = [];
  for (const name of await namesIn(theirs)) {
    // A draft was never kept.
    if (!name.endsWith('.json')) await rm(join(theirs, name), { force: true });
    else {
      const moved = rename(join(theirs, name), join(own, name)).then(() => true);
      // What is not there any more was adopted by somebody else.
      const entry = (await ifThere(moved)) && parseOutboxEntry(await readJson(join(own, name)));
      if (entry) adopted.push(entry);
    }
  }
  await removeIfEmpty(theirs);
  await bury(basename(theirs));
  return adopted;
}

async function removeIfEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
  }
}

/** The ends that are kept of a room, the furthest first: one, or two for a moment. */
async function endsIn(folder: string): Promise<number[]> {
  const names = await namesIn(folder);
  return names
    .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

const entryName = (room: string, clientId: string) => `${hashOf(room, clientId)}.json`;

/** Names of rooms may be longer than those of files may be, and differ by case alone. */
const hashOf = (...parts: string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
