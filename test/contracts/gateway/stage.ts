import { describe, expect, test } from '@jest/globals';
import { FRAME_BYTES, SOCKET_MESSAGE_BYTES } from '../../../protocol/limits.ts';
import { refusedBy, SocketClient } from './socket-client.ts';

/** A stage that runs an application already: a deployed one, or one with tiny handlers. */
export interface Stage {
  /** `https://...` or `http://...`, without a slash at the end. */
  url: string;
  /** Path and query with which $connect opens a connection. */
  accepted: string;
  /** Path and query that $connect refuses with 401. */
  refused: string;
}

/**
 * The part of the contract that needs no handlers of its own, and looks at the gateway from the
 * client's side only: it can run against a deployed stage.
 */
export function stageContract(open: () => Promise<Stage>): void {
  describe('a stage', () => {
    const connected = async () => {
      const { url, accepted } = await open();
      return SocketClient.open(url + accepted);
    };
    const frame = 'x'.repeat(FRAME_BYTES);

    test('opens a connection that $connect accepts', async () => {
      const client = await connected();
      expect(client.socket.readyState).toBe(client.socket.OPEN);
      await client.close(1000);
    });

    test('refuses with the status of $connect', async () => {
      const { url, refused } = await open();
      expect((await refusedBy(url + refused)).status).toBe(401);
    });

    test('refuses a path below a room with 403', async () => {
      const { url } = await open();
      expect((await refusedBy(`${url}/ws/chat/a/b/`)).status).toBe(403);
    });

    test('offers no compression', async () => {
      const client = await connected();
      expect(client.socket.extensions).toBe('');
      await client.close();
    });

    test('closes with 1003 on a binary message', async () => {
      const client = await connected();
      client.socket.send(Buffer.from('hi'));
      expect((await client.closed).code).toBe(1003);
    });

    test('closes with 1009 on a frame over 32 KB', async () => {
      const client = await connected();
      client.send(`${frame}x`);
      expect((await client.closed).code).toBe(1009);
    });

    test('closes with 1009 on a message over 128 KB in frames', async () => {
      const client = await connected();
      const frames = Array<string>(SOCKET_MESSAGE_BYTES / FRAME_BYTES).fill(frame);
      client.sendFrames(...frames, 'x');
      expect((await client.closed).code).toBe(1009);
    });

    test('keeps the connection after a message that is no JSON', async () => {
      const client = await connected();
      client.send('no JSON');
      await client.next();
      expect(client.socket.readyState).toBe(client.socket.OPEN);
      await client.close();
    });
  });
}
