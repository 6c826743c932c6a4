import { describe, expect, test } from '@jest/globals';
import type { SuperuserRoster } from '../../lambdas/chat/ports/superuser-roster.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** @param open an empty roster for each test */
export function superuserRosterContract(name: string, open: () => Promise<SuperuserRoster>): void {
  describe(`a superuser roster ${name}`, () => {
    test('keeps the last', async () => {
      const roster = await open();
      for (const id of ['alice', 'bob', 'alice']) await roster.enlist(id);
      expect(await roster.retire('alice')).toBe('retired');
      expect(await roster.retire('bob')).toBe('last');
      expect(await roster.retire('bob')).toBe('last');
      await roster.enlist('alice');
      expect(await roster.retire('bob')).toBe('retired');
    });

    test('lets go who is not on it, also where nobody is', async () => {
      const roster = await open();
      expect(await roster.retire('alice')).toBe('retired');
      await roster.enlist('bob');
      expect(await roster.retire('alice')).toBe('retired');
      expect(await roster.retire('bob')).toBe('last');
    });

    test('keeps one of many who are taken off at once', async () => {
      const roster = await open();
      const ids = ['alice', ...HOSTILE_NAMES];
      for (const id of ids) await roster.enlist(id);
      const outcomes = await Promise.all(ids.map((id) => roster.retire(id)));
      expect(outcomes.filter((outcome) => outcome === 'last')).toHaveLength(1);
    });
  });
}
