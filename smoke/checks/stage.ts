import { expect } from 'expect';
import { FRAME_BYTES, SOCKET_MESSAGE_BYTES } from '../../protocol/limits.ts';
import { refusedBy, SocketClient } from '../../test/contracts/gateway/socket-client.ts';
import type { Group, Trait } from '../check.ts';

/** Addresses of a gateway that runs an application: a deployed one, or one of tiny handlers. */
export interface Stage {
  /** At which $connect opens a connection. */
  accepted: string;
  /** At which $connect refuses with 401. */
  refused: string;
  /** Below a room's path, where nothing is. */
  nowhere: string;
  /** Of every handshake. */
  headers?: Readonly<Record<string, string>>;
}

interface StageCheck {
  name: string;
  needs?: readonly Trait[];
  run(stage: Stage): Promise<void>;
}

const FRAME = 'x'.repeat(FRAME_BYTES);

const connected = ({ accepted, headers = {} }: Stage) =>
  SocketClient.open(accepted, [], { headers });

async function closeCodeAfter(
  stage: Stage,
  misbehave: (client: SocketClient) => void,
): Promise<number> {
  const client = await connected(stage);
  misbehave(client);
  return (await client.closed).code;
}

/** What API Gateway does, seen from the client's side only. */
export const STAGE_CHECKS: readonly StageCheck[] = [
  {
    name: 'opens a connection that $connect accepts',
    async run(stage) {
      const client = await connected(stage);
      expect(client.socket.readyState).toBe(client.socket.OPEN);
      await client.close(1000);
    },
  },
  {
    name: 'refuses with the status of $connect',
    needs: ['refusal status'],
    async run({ refused, headers = {} }) {
      expect((await refusedBy(refused, [], { headers })).status).toBe(401);
    },
  },
  {
    name: 'refuses a path below a room',
    needs: ['socket paths'],
    async run({ nowhere, headers = {} }) {
      // API Gateway says 403; the edge's function says 404 before it is asked.
      expect([403, 404]).toContain((await refusedBy(nowhere, [], { headers })).status);
    },
  },
  {
    name: 'offers no compression',
    needs: ['no compression'],
    async run(stage) {
      const client = await connected(stage);
      expect(client.socket.extensions).toBe('');
      await client.close();
    },
  },
  {
    name: 'closes with 1003 on a binary message',
    needs: ['message limits'],
    async run(stage) {
      expect(await closeCodeAfter(stage, ({ socket }) => socket.send(Buffer.from('hi')))).toBe(
        1003,
      );
    },
  },
  {
    name: 'closes with 1009 on a frame over 32 KB',
    needs: ['message limits'],
    async run(stage) {
      expect(await closeCodeAfter(stage, (client) => client.send(`${FRAME}x`))).toBe(1009);
    },
  },
  {
    name: 'closes with 1009 on a message over 128 KB in frames',
    needs: ['message limits'],
    async run(stage) {
      const frames = Array<string>(SOCKET_MESSAGE_BYTES / FRAME_BYTES).fill(FRAME);
      const code = await closeCodeAfter(stage, (client) => client.sendFrames(...frames, 'x'));
      expect(code).toBe(1009);
    },
  },
  {
    name: 'keeps the connection after a message that is no JSON',
    async run(stage) {
      const client = await connected(stage);
      client.send('no JSON');
      await client.next();
      expect(client.socket.readyState).toBe(client.socket.OPEN);
      await client.close();
    },
  },
];

export const STAGE: Group = {
  title: 'the gateway',
  checks: STAGE_CHECKS.map((check) => ({
    ...check,
    async run(target) {
      const { access } = await target.person('alice');
      const room = target.name('gateway');
      await check.run({
        accepted: target.socketAddress(room, { token: access }),
        refused: target.socketAddress(room, { token: 'garbage' }),
        nowhere: `${target.url}/ws/chat/a/b/`,
        headers: target.headers,
      });
    },
  })),
};
