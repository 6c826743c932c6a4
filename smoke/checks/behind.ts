import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'expect';
import { decodeJwt, SignJWT } from 'jose';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import type { Check, Group } from '../check.ts';

/** What a deployment keeps to itself. */
export interface Behind {
  table: Table;
  /** What signs tokens. */
  tokenSecret: Uint8Array;
}

/** What functions do that no client calls. It takes more than a client's view to see them at it. */
export const behindTheScenes = ({ table, tokenSecret }: Behind): Group => ({
  title: 'functions that no client calls',
  checks: [
    {
      name: 'the audit delivers an event whose writer died before it could',
      patienceMs: 60_000,
      async run(target) {
        const { access } = await target.person('alice');
        const room = target.name('left-behind');
        const socket = await target.connectV1(room, access);
        await socket.ask({ action: 'sendMessage', room, content: 'delivered' }, 'ack');
        const log = dynamoEventLog(table);
        const [event] = await log.readForward(room, 0, 1);
        if (!event) throw new Error('The acknowledged message is not in the table.');
        const [id, clientId] = [randomUUID(), randomUUID()];
        await log.put({ ...event, seq: 2, id, clientId, payload: { content: 'left behind' } });
        let frame = await socket.nextOf('chat_message');
        // The acknowledgement may have come before the first message itself.
        if (frame.seq === 1) frame = await socket.nextOf('chat_message');
        expect(frame).toMatchObject({ seq: 2, content: 'left behind', clientId });
        await socket.close();
      },
    },
    largeRoom(table),
    {
      name: 'token-expiry tells a connection of its token’s end, and closes it',
      patienceMs: 100_000,
      async run(target) {
        const { access } = await target.person('alice');
        const seconds = Math.floor(Date.now() / 1_000);
        // One that names no login: a socket of a login lives as long as that.
        const { sid: _login, ...claims } = decodeJwt(access);
        const short = await new SignJWT({ ...claims, iat: seconds, exp: seconds + 5 })
          .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
          .sign(tokenSecret);
        const socket = await target.connectV1(target.name('expiring'), short);
        const closed = new Promise((resolve) => socket.socket.once('close', resolve));
        const told = await socket.nextOf('error');
        expect(['token_expiring', 'token_expired']).toContain(told.code);
        expect(await closed).toBe(1000);
      },
    },
  ],
});

/** @param base of the room's name */
export const largeRoom = (table: Table, base = 'large'): Check => ({
  name: 'fanout takes over a large room, and delivers shard by shard',
  patienceMs: 60_000,
  async run(target) {
    const { access } = await target.person('alice');
    const room = target.name(base);
    // As if it had been full a moment ago.
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.lease(room),
        UpdateExpression: 'SET shards = :shards, members = :members',
        ExpressionAttributeValues: { ':shards': 2, ':members': 1_500 },
      }),
    );
    const sockets = await Promise.all(
      Array.from({ length: 6 }, () => target.connectV1(room, access)),
    );
    sockets[0]?.send({ action: 'sendMessage', room, content: 'to all', clientId: 'all' });
    const came = await Promise.all(sockets.map((socket) => socket.nextOf('chat_message')));
    for (const frame of came) expect(frame).toMatchObject({ seq: 1, content: 'to all' });
    await Promise.all(sockets.map((socket) => socket.close()));
  },
});
