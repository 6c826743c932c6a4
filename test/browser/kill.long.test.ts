import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Server, startServer } from '../e2e/server.ts';
import { describeInBrowser } from './browser.ts';
import { eventually } from './eventually.ts';
import { newLogin } from './logins.ts';
import { prepared } from './prepared.ts';
import { UNREACHABLE } from './problems.ts';
import { composer, messages, say, stored, wordsOf } from './room-page.ts';
import { storedIn } from './stored-messages.ts';

const BEFORE = [1, 2, 3];
const MEANWHILE = [4, 5];

describeInBrowser('a server that is killed under two who talk', (visit) => {
  let dataFolder: string;
  let server: Server;
  prepared(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'parlor-browser-'));
    server = await startServer(dataFolder);
    return async () => {
      server.process.kill('SIGKILL');
      await rm(dataFolder, { recursive: true, force: true });
    };
  }, 30_000);

  test('is found again: what both wrote is there once, each in the order of writing', async () => {
    const { process: first } = server;
    const names = ['alice', 'bob'];
    const logins = await Promise.all(names.map((name) => newLogin(server.url, name)));
    const people = await Promise.all(
      logins.map(async (as) => {
        const prepare = (page: Page) => whenSent(page, 'alice 2', () => first.kill('SIGKILL'));
        return { as, ...(await visit(`${server.url}/room/cellar`, { as, prepare })) };
      }),
    );
    for (const { page, problems } of people) {
      problems.expect(UNREACHABLE, /WebSocket connection to .* failed/);
      await composer(page).waitFor();
    }
    const everyoneSays = (numbers: readonly number[]) =>
      Promise.all(
        people.map(async ({ page, as }) => {
          for (const number of numbers) await say(page, `${as.username} ${number}`);
        }),
      );

    const died = once(first, 'exit');
    await everyoneSays(BEFORE);
    await died;
    await everyoneSays(MEANWHILE);
    await Promise.all(people.map(({ page, as }) => messages(page, `${as.username} 5`).waitFor()));
    server = await startServer(dataFolder, new URL(server.url).port);

    const written = names.flatMap((name) => [...BEFORE, ...MEANWHILE].map((n) => `${name} ${n}`));
    for (const { page } of people) {
      await eventually(async () => expect((await wordsOf(page)).toSorted()).toEqual(written), {
        withinMs: 30_000,
      });
      await eventually(async () => expect(await stored(page).count()).toBe(written.length));
    }
    const [shown = []] = await Promise.all(people.map(({ page }) => wordsOf(page)));
    for (const name of names) {
      expect(shown.filter((words) => words.startsWith(name))).toEqual(
        written.filter((words) => words.startsWith(name)),
      );
    }
    for (const { page, as } of people) {
      expect(await wordsOf(page)).toEqual(shown);
      expect(await storedIn(server.url, 'cellar', as)).toEqual(shown);
    }
  }, 90_000);
});

/** Does something as soon as a frame with these words has left the page. */
async function whenSent(page: Page, words: string, action: () => void): Promise<void> {
  // Of sockets themselves not every engine tells.
  await page.exposeFunction('tellSent', (frame: string) => {
    if (frame.includes(words)) action();
  });
  await page.addInitScript(tellEachFrame);
}

/** Runs in the page. */
function tellEachFrame(): void {
  const { tellSent } = window as unknown as { tellSent(frame: string): void };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (this: WebSocket, frame: string) {
    send.call(this, frame);
    tellSent(frame);
  };
}
