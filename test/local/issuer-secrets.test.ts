import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseIssuers } from '../../lambdas/auth/parse-issuers.ts';
import { issuerSecrets } from '../../local/issuer-secrets.ts';

const SECRET = 'django-insecure-größer-als-zweiunddreißig';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-'));
  file = join(folder, 'django-secret');
});
afterEach(() => rm(folder, { recursive: true }));

const secrets = () =>
  issuerSecrets(parseIssuers({ django: { secret: { file } } }, 'PARLOR_ISSUERS', 'local'));

describe('a secret that is shared with another issuer', () => {
  test.each(['', '\n', '\r\n'])('is the text of a file, without the %j at its end', async (end) => {
    await writeFile(file, SECRET + end);
    const read = await secrets();
    expect(await read({ file })).toEqual(new TextEncoder().encode(SECRET));
  });

  test('is refused where it is not UTF-8, and not taken for another', async () => {
    await writeFile(file, Buffer.from(SECRET, 'latin1'));
    await expect(secrets()).rejects.toThrow(
      `PARLOR_ISSUERS: django.secret can't be used: ${file}, line 1, byte 18: 0xf6 is not UTF-8`,
    );
  });

  test('is missed at the start', async () => {
    await expect(secrets()).rejects.toThrow(
      `PARLOR_ISSUERS: django.secret can't be used: ENOENT: no such file or directory, open '${file}'`,
    );
  });

  test('is refused at the start when it could be guessed, and not told', async () => {
    await writeFile(file, 'x'.repeat(31));
    await expect(secrets()).rejects.toThrow(`The secret in ${file} must have at least 32 bytes.`);
  });
});
