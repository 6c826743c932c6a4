import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { fileStore } from '../../client/file-store.ts';
import type { Store } from '../../client/store.ts';
import {
  anEnd,
  anEntry,
  clientStoreContract,
  type SharedPlace,
  sharedStoreContract,
} from '../contracts/client-store.contract.ts';

const TEMPORARY = mkdtempSync(join(tmpdir(), 'parlor-file-store-'));
const WRITER = fileURLToPath(new URL('crashing-writer.ts', import.meta.url));
const open = new Set<Store>();
let places = 0;

afterEach(async () => {
  for (const store of open) await store.close();
  open.clear();
});
afterAll(() => rm(TEMPORARY, { recursive: true }));

function folder(): SharedPlace & { path: string } {
  const path = join(TEMPORARY, `${places++}`, 'made when it is needed');
  return {
    path,
    open() {
      const store = fileStore(path);
      open.add(store);
      return store;
    },
    async crash(entries) {
      expect(await signalThatEnded([WRITER, path, JSON.stringify(entries)])).toBe('SIGKILL');
    },
  };
}

const signalThatEnded = (given: string[]) =>
  new Promise((resolve) => {
    execFile(process.execPath, given, (error) => resolve(error?.signal));
  });

clientStoreContract('in files', folder);
sharedStoreContract('in files', folder);

/** All files below a folder. */
async function filesIn(path: string): Promise<string[]> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  return found.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

describe('a store in files', () => {
  test('leaves nothing behind of what is done', async () => {
    const { open, crash, path } = folder();
    await crash([anEntry()]);
    const store = open();
    for (const { room, clientId } of await store.adoptOutbox())
      await store.removeOutbox(room, clientId);
    for (const upTo of [5, 7, 6]) await store.saveRoom('lobby', anEnd(upTo));
    await store.close();
    expect(await readdir(join(path, 'outbox'))).toEqual([]);
    expect(await filesIn(path)).toHaveLength(1);
  });

  test('lets nobody else read them', async () => {
    const { open, path } = folder();
    const store = open();
    await store.putOutbox(anEntry());
    await store.saveRoom('lobby', anEnd(5));
    const files = await filesIn(path);
    expect(files).toHaveLength(2);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('skips what it can’t read, and what a crash left half written', async () => {
    const { open, path } = folder();
    const dead = join(path, 'outbox', 'nobody');
    await mkdir(dead, { recursive: true });
    await writeFile(join(dead, 'a.json'), '{"room":"lob');
    await writeFile(join(dead, 'b.json'), '{"room":7}');
    await writeFile(join(dead, 'c.json.draft'), '{}');
    await writeFile(join(dead, 'd.json'), JSON.stringify(anEntry()));
    const store = open();
    expect(await store.adoptOutbox()).toEqual([anEntry()]);
    expect(await filesIn(path)).toEqual(Array(3).fill(expect.stringMatching(/\.json$/)));

    await store.saveRoom('lobby', anEnd(5));
    const [end = ''] = await filesIn(join(path, 'rooms'));
    await writeFile(end, '{"upTo":5,"messages":[{}]}');
    expect(await store.loadRoom('lobby')).toBeUndefined();
    // As after two processes saved at once.
    for (const upTo of [4, 11]) {
      await writeFile(join(dirname(end), `${upTo}.json`), JSON.stringify(anEnd(upTo)));
      expect(await store.loadRoom('lobby')).toEqual(anEnd(upTo));
    }
  });

  test('says store_failed where it can’t write, and goes on when it can', async () => {
    const path = join(TEMPORARY, `${places++}`);
    await writeFile(path, 'a file where the folder should be');
    const store = fileStore(path);
    open.add(store);
    for (const call of [store.putOutbox(anEntry()), store.saveRoom('lobby', anEnd(5))])
      await expect(call).rejects.toMatchObject({ code: 'store_failed' });
    await rm(path);
    await store.putOutbox(anEntry());
    await store.close();
    expect(await store.adoptOutbox()).toEqual([anEntry()]);
  });
});
