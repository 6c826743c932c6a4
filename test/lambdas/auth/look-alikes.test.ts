import { describe, expect, test } from '@jest/globals';
import { lookAlikes } from '../../../lambdas/auth/look-alikes.ts';
import { usernameProblem } from '../../../protocol/names.ts';

async function lookAlike(one: string, other: string): Promise<boolean> {
  const [looks, others] = await Promise.all([lookAlikes.of(one), lookAlikes.of(other)]);
  return looks.some((look) => others.includes(look));
}

describe('the look of a name', () => {
  test.each([
    ['TOM', '\u03a4\u039f\u039c', 'Greek capitals'],
    ['tom', '\u03a4\u039f\u039c', 'Greek capitals, of a name in small letters'],
    ['TOM', '\u03c4\u03bf\u03bc', 'Greek small letters, in capitals'],
    ['coco', '\u0441\u043e\u0441\u043e', 'Cyrillic'],
    ['BOBA', '\u0412\u043e\u0432\u0430', 'Cyrillic with a small letter of its own'],
    ['admin', '\u1d00dmin', 'a small capital'],
    ['admin', '\u1d00\u1d05\u1d0d\u026a\u0274', 'small capitals'],
    ['lily', '\u029f\u026a\u029f\u028f', 'small capitals like I and L'],
    ['scope', '\u0455\u0441\u043e\u0440\u0435', 'Cyrillic letters of several languages'],
    ['Ian', 'lan', 'I and l'],
    ['admin', 'ADMlN', 'l among capitals'],
    ['\u0130van', '\u0130VAN', 'a Turkish capital in another case'],
  ])('%s is the one of %s (%s)', async (one, other) => {
    expect(usernameProblem(one)).toBeUndefined();
    expect(usernameProblem(other)).toBeUndefined();
    expect(await lookAlike(one, other)).toBe(true);
  });

  test.each([
    ['bo1', 'bol'],
    ['b0b', 'bob'],
    ['mike', 'rnike'],
    ['ali', 'all'],
    ['Lan', 'Ian'],
    ['bill', 'bili'],
    ['zoe', 'zo\u00eb'],
    ['user1', 'user2'],
    ['\u041c\u0430\u0440\u0438\u044f', 'maria'],
    ['\u03bd\u03af\u03ba\u03bf\u03c2', 'nikos'],
    ['\u674e\u660e', '\u674e\u6708'],
  ])('%s is not the one of %s', async (one, other) => {
    expect(await lookAlike(one, other)).toBe(false);
  });

  test('is one for most names', async () => {
    expect(await lookAlikes.of('Tom')).toEqual(['tom']);
    expect(await lookAlikes.of('Ali')).toHaveLength(2);
  });
});
