import { expect, test } from '@jest/globals';
import { scryptHasher } from '../../../lambdas/auth/passwords.ts';
import { djangoHash } from './django-hash.ts';

test('a wrong password takes as long whatever it is compared with', async () => {
  const costly = scryptHasher({ ln: 14, r: 8, p: 1 }, 270_000);
  const hashes = {
    nobody: undefined,
    own: await costly.hash('correct horse'),
    imported: djangoHash('correct horse', 135_000),
    'imported of old': djangoHash('correct horse', 1_000),
  };
  const fastest = Object.fromEntries(Object.keys(hashes).map((whose) => [whose, Infinity]));
  const likeness = () => Math.min(...Object.values(fastest)) / Math.max(...Object.values(fastest));
  // Without the work it would be a half or less, however often one looks. The machine may be busy
  // with something else for most of the rounds.
  const alike = 0.65;
  for (let round = 0; round < 7 || (round < 50 && likeness() < alike); round++) {
    for (const [whose, hash] of Object.entries(hashes)) {
      const start = performance.now();
      expect(await costly.verify('wrong horse', hash)).toBe(false);
      fastest[whose] = Math.min(fastest[whose] ?? Infinity, performance.now() - start);
    }
  }
  expect(likeness()).toBeGreaterThan(alike);
}, 60_000);
