import { DynamoDBClient, RestoreTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'expect';
import { adoptTable } from '../../../bin/adopt/adopt-table.ts';
import { get, post } from '../../../test/e2e/chat-client.ts';
import type { Group } from '../../check.ts';
import type { Person, Target } from '../../target.ts';
import { callAws } from '../call-aws.ts';
import type { Cdk } from '../cdk.ts';
import { type Deployed, findDeployed } from '../deployed.ts';
import type { Emulator } from '../ministack.ts';

const RESTORED = 'Parlor-restored';

/** What was there before the stack went. */
export interface Before {
  /** Of the table and of the secret's text, which both outlive the stack. */
  tableName: string;
  tokenSecret: Uint8Array;
  room: string;
  /** Somebody who is logged in. */
  person: Person;
  /** What he saw. */
  events: unknown[];
}

const path = (room: string, what: 'messages' | 'events') => `/api/rooms/${room}/${what}/`;

async function eventsOf(target: Target, room: string, { access }: Person): Promise<unknown[]> {
  const page = await (await get(target.url, `${path(room, 'events')}?after=0`, access)).json();
  return page.results;
}

const say = (target: Target, room: string, content: string, { access }: Person) =>
  post(target.url, path(room, 'messages'), { content }, { authorization: `Bearer ${access}` });

/** Talks, and stays logged in. */
export async function beforeLoss({ target, table, tokenSecret }: Deployed): Promise<Before> {
  const room = target.name('restored');
  const person = await target.logIn((await target.person('alice')).username);
  for (const content of ['one', 'two']) await say(target, room, content, person);
  const events = await eventsOf(target, room, person);
  return { tableName: table.name, tokenSecret, room, person, events };
}

/** What docs/operations.md asks for when a region is lost, once the stack is gone. */
export const restoring = (emulator: Emulator, before: Before): Group<Cdk> => ({
  title: 'restoring',
  checks: [
    {
      name: 'a new stack over the restored table goes on where the old one ended, and nobody logs in again',
      patienceMs: 300_000,
      async run(cdk) {
        const client = new DynamoDBClient({});
        const [SourceTableName, TargetTableName] = [before.tableName, RESTORED];
        await client.send(
          new RestoreTableToPointInTimeCommand({
            ...{ SourceTableName, TargetTableName },
            UseLatestRestorableTime: true,
          }),
        );
        const streamArn = await adoptTable(client, RESTORED);
        expect(await cdk.deploy(`table=${streamArn}`)).toBe('changed');
        const { target, table, resources } = await findDeployed(emulator);
        expect(table.name).toBe(RESTORED);
        const secret = resources.find(({ LogicalResourceId = '' }) =>
          LogicalResourceId.startsWith('TokenSecret'),
        );
        await callAws(emulator, 'secretsmanager', 'secretsmanager.PutSecretValue', {
          SecretId: secret?.PhysicalResourceId,
          SecretString: Buffer.from(before.tokenSecret).toString(),
        });
        const { room, person, events } = before;
        expect(events).toHaveLength(2);
        expect(await eventsOf(target, room, person)).toEqual(events);
        expect((await say(target, room, 'three', person)).status).toBe(201);
        expect((await eventsOf(target, room, person)).at(-1)).toMatchObject({
          ...{ seq: 3, content: 'three' },
        });
        table.client.destroy();
        client.destroy();
      },
    },
  ],
});
