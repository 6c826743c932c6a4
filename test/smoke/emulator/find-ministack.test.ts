import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findMiniStack, MINISTACK } from '../../../smoke/emulator/find-ministack.ts';
import { howToInstall } from '../../../smoke/python-tool.ts';

describe('the emulator’s command', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'parlor-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function aCommand(folder: string, mode = 0o755): Promise<string> {
    const file = join(root, folder, 'ministack');
    await mkdir(join(root, folder), { recursive: true });
    await writeFile(file, '');
    await chmod(file, mode);
    return file;
  }

  test('is looked for on the PATH', async () => {
    const PATH = ['first', 'second'].map((folder) => join(root, folder)).join(delimiter);
    expect(findMiniStack(root, { PATH })).toBeUndefined();
    await aCommand('first', 0o644);
    const file = await aCommand('second');
    expect(findMiniStack(root, { PATH })).toBe(file);
    expect(findMiniStack(root, {})).toBeUndefined();
  });

  test('of the repository’s own virtual environment goes before', async () => {
    const [onPath, own] = [await aCommand('bin'), await aCommand('.ministack/bin')];
    expect(onPath).not.toBe(own);
    expect(findMiniStack(root, { PATH: join(root, 'bin') })).toBe(own);
  });

  test('that is named goes before all, and is not guessed at', async () => {
    await aCommand('.ministack/bin');
    const named = await aCommand('elsewhere');
    expect(findMiniStack(root, { PARLOR_MINISTACK: named })).toBe(named);
    const missing = join(root, 'missing');
    expect(() => findMiniStack(root, { PARLOR_MINISTACK: missing })).toThrow(missing);
  });

  test('is installed by one line, in the version that is known to work', () => {
    expect(howToInstall(MINISTACK)).not.toContain('\n');
    expect(howToInstall(MINISTACK)).toContain(`pip install ministack==${MINISTACK.version}`);
  });
});
