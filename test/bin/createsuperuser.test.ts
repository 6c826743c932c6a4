import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dynamoAccountStore } from '../../lambdas/aws/account-store.ts';
import { LOCAL_TABLE, openDatabase } from '../../local/database.ts';
import { PASSWORD, post } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { runScript } from './scripts.ts';

async function createSuperuser(
  ...given: [string[], Record<string, string>, (string | Uint8Array)?]
) {
  const { code, out, err } = await runScript('createsuperuser.ts', ...given);
  return { code, output: out + err };
}

describe('npm run createsuperuser', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-su-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('creates an account in a data folder on which nothing runs, once', async () => {
    const run = () =>
      createSuperuser(
        ['--username', 'Root', '--password-stdin'],
        { PARLOR_DATA: folder },
        `${PASSWORD}\n`,
      );
    expect(await run()).toEqual({ code: 0, output: `Superuser "Root" created in ${folder}.\n` });
    expect(await run()).toEqual({
      code: 1,
      output: 'Error: A user with that username already exists.\n',
    });
  });

  test('creates an account in the chat that runs on the folder, who can log in at once', async () => {
    const stack = await temporaryStack({ dataFolder: folder });
    try {
      const { code } = await createSuperuser(['--username', 'root', '--password', PASSWORD], {
        PARLOR_DATA: folder,
      });
      expect(code).toBe(0);
      const login = await post(stack.url, '/api/token/', { username: 'root', password: PASSWORD });
      expect(login.status).toBe(200);
    } finally {
      await stack.close();
    }
  });

  test('takes the answers from a pipe, and says so when they end too early', async () => {
    const env = { PARLOR_DATA: folder };
    expect(await createSuperuser([], env, `root\n${PASSWORD}\n${PASSWORD}\n`)).toMatchObject({
      code: 0,
      output: expect.stringContaining('Superuser "root" created'),
    });
    expect(await createSuperuser([], env, `root\n${PASSWORD}\nanother\n`)).toMatchObject({
      code: 1,
      output: expect.stringContaining("didn't match"),
    });
    expect(await createSuperuser([], env, 'root\n')).toMatchObject({
      code: 1,
      output: expect.stringContaining('The input ended.'),
    });
  });

  test('takes no answer and no password that is not UTF-8', async () => {
    const env = { PARLOR_DATA: folder };
    const broken = Buffer.from('r\xf6\xf6t-and-branch-7', 'latin1');
    const line = Buffer.from('\n');
    for (const [args, input, place] of [
      [[], [broken, line], 'line 1, byte 1: 0xf6'],
      [['--username', 'other'], [broken, line, broken, line], 'line 1, byte 1: 0xf6'],
      [['--username', 'other', '--password-stdin'], [broken], 'line 1, byte 1: 0xf6'],
    ] as const) {
      const { code, output } = await createSuperuser([...args], env, Buffer.concat(input));
      expect(output).toContain(`Standard input, ${place} is not UTF-8 there.`);
      expect(code).toBe(1);
    }
  });

  test('finds the table of a deployed stack', async () => {
    const database = await openDatabase();
    const cloudFormation = createServer((_request, response) => {
      response.setHeader('content-type', 'text/xml');
      response.end(`<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
        <StackName>Parlor</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
        <CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs><member>
        <OutputKey>TableName</OutputKey><OutputValue>${LOCAL_TABLE}</OutputValue>
        </member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`);
    }).listen(0, '127.0.0.1');
    await once(cloudFormation, 'listening');
    const { port } = cloudFormation.address() as AddressInfo;
    try {
      const { code, output } = await createSuperuser(
        [
          '--username',
          'root',
          '--password',
          PASSWORD,
          '--stack',
          'Parlor',
          '--region',
          'eu-west-1',
        ],
        {
          AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${port}`,
          AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'test',
        },
      );
      expect({ code, output }).toEqual({
        code: 0,
        output: 'Superuser "root" created in stack Parlor.\n',
      });
      const account = await dynamoAccountStore(database.table).find('root');
      expect(account).toMatchObject({ username: 'root', superuser: true, disabled: false });
    } finally {
      cloudFormation.close();
      await database.close();
    }
  });

  test('says what is wrong and creates nothing', async () => {
    const tries: [string[], RegExp][] = [
      [['--username', 'a b', '--password', PASSWORD], /Enter a valid username/],
      [['--username', 'root', '--password', 'short'], /too short/],
      [['--username', 'root', '--nonsense'], /Unknown option '--nonsense'/],
    ];
    for (const [args, problem] of tries) {
      const { code, output } = await createSuperuser(args, { PARLOR_DATA: folder });
      expect(code).toBe(1);
      expect(output).toMatch(problem);
      expect(output).not.toMatch(/^ +at /m);
    }
  });
});
