import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'expect';
import type { Group } from '../../check.ts';
import { replay, specClient, until } from '../../checks/recovery.ts';
import type { Cdk } from '../cdk.ts';

const PAUSE_MS = 600;

/**
 * A deployment that changes functions, and has them called by aliases from then on, under open sockets that
 * people talk over.
 */
export const upgrade = (cdk: Cdk): Group => ({
  title: 'an upgrade',
  checks: [
    {
      name: 'loses nobody anything that is said while it goes on; a socket cut after it comes back',
      patienceMs: 240_000,
      async run(target) {
        const room = target.name('upgraded');
        const [alice, bob] = [specClient(target, room, 'alice'), specClient(target, room, 'bob')];
        let said = 0;
        const say = () => alice.say(`${++said}`, `said-${said}`);
        try {
          say();
          await until('the first message', () => bob.shown.length === 1);
          const deploying = cdk
            .deploy('roomPostsPerSecond=4000', 'release=all-at-once')
            .finally(() => clearInterval(talk));
          const talk = setInterval(say, PAUSE_MS);
          expect(await deploying).toBe('changed');
          // It was lively, and no socket had to be opened again.
          expect(said).toBeGreaterThan(3);
          expect([alice.connections, bob.connections]).toEqual([1, 1]);
          for (const client of [alice, bob]) {
            client.cut();
            say();
            await sleep(PAUSE_MS);
          }
          await until('everything at both', () =>
            [alice, bob].every(({ shown, unsent }) => unsent === 0 && shown.length === said),
          );
          expect([alice.connections, bob.connections]).toEqual([2, 2]);
          const everything = Array.from({ length: said }, (_, n) => [n + 1, `said-${n + 1}`]);
          for (const events of [alice.shown, bob.shown, await replay(target, room, 200)]) {
            expect(events.map(({ seq, clientId }) => [seq, clientId])).toEqual(everything);
          }
        } finally {
          alice.stop();
          bob.stop();
        }
      },
    },
  ],
});
