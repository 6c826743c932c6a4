import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectV1, get, PASSWORD, post, signUp } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { runScript } from './scripts.ts';

describe('npm run changepassword', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-pw-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('lets the owner in with the new one, and ends what began with the old one', async () => {
    const stack = await temporaryStack({ dataFolder: folder });
    try {
      const { access } = await signUp(stack.url, 'Alice');
      const socket = await connectV1(stack.url, 'lobby', access);
      const changed = await runScript(
        'changepassword.ts',
        ['alice', '--password-stdin'],
        { PARLOR_DATA: folder },
        'green-giraffe-43\n',
      );
      expect(changed).toEqual({
        code: 0,
        out: `"Alice" has a new password in ${folder}. All earlier logins are over.\n`,
        err: '',
      });
      const logIn = (password: string) =>
        post(stack.url, '/api/token/', { username: 'alice', password });
      expect([(await logIn(PASSWORD)).status, (await logIn('green-giraffe-43')).status]).toEqual([
        401, 200,
      ]);
      const me = await get(stack.url, '/api/me/', access);
      expect(me.status).toBe(401);
      expect(await socket.ask({ action: 'ping', id: 'p' }, 'error')).toMatchObject({
        code: 'connection_gone',
      });
      await socket.close();
    } finally {
      await stack.close();
    }
  }, 40_000);

  test.each([
    [[], /Give one username/],
    [['alice', 'bob'], /Give one username/],
    [['nobody', '--password-stdin'], /There is no such user/],
    [['alice', '--nonsense'], /Unknown option '--nonsense'/],
  ])('%j is refused with what is wrong', async (args, problem) => {
    const { code, err } = await runScript('changepassword.ts', args, { PARLOR_DATA: folder }, 'x');
    expect(code).toBe(1);
    expect(err).toMatch(problem);
    expect(err).not.toMatch(/^ +at /m);
  });
});
