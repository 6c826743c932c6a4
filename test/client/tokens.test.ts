import { describe, expect, test } from '@jest/globals';
import { ParlorClientError } from '../../client/errors.ts';
import { TIMING } from '../../client/options.ts';
import { Tokens } from '../../client/tokens.ts';
import { FakeChat } from './fake-chat.ts';

type Json = Record<string, unknown>;

describe('a token', () => {
  const jwt = (iat: number, exp: number) => `h.${btoa(JSON.stringify({ iat, exp }))}.s`;
  const expiring = { type: 'error', code: 'token_expiring', message: 'Soon.', retryable: false };

  test.each([' token\n', () => '\ttoken\r\n'])(
    'is taken without what is around it',
    async (token) => {
      const chat = new FakeChat();
      chat.connect({ token }).room('hall');
      await chat.pass();
      expect(chat.socket.protocols).toEqual(['parlor.v1', 'token']);
      expect(chat.socket.open).toBe(true);
    },
  );

  test.each(['Bearer token', 'to\nken', 'tökén'])('such as %j ends it at once', async (token) => {
    const chat = new FakeChat();
    const client = chat.connect({ token });
    client.room('hall');
    await chat.pass();
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'token_not_valid' } });
    expect(chat.sockets).toEqual([]);
    expect(chat.calls).toEqual([]);
  });

  test('of one use is taken without what is around it as well', async () => {
    const chat = new FakeChat();
    chat.connect({ ticket: async () => 'ticket\n' }).room('hall');
    await chat.pass();
    expect(chat.socket.protocols).toEqual(['parlor.v1', 'ticket']);
  });

  test('is not renewed for an open socket before the server asks for it', async () => {
    const chat = new FakeChat();
    let issued = 0;
    const client = chat.connect({ token: () => jwt(issued++, issued + 20) });
    client.room('hall');
    await chat.pass(3_600_000);
    expect(chat.socket.sent.filter(({ action }) => action === 'auth')).toEqual([]);
    expect(client.state.status).toBe('online');
    chat.socket.tell(expiring);
    await chat.pass(1_000);
    expect(chat.socket.sent.filter(({ action }) => action === 'auth')).toHaveLength(1);
    await chat.pass(1_200_000);
    expect(chat.socket.sent.filter(({ action }) => action === 'auth')).toHaveLength(1);
  });

  test('that is about to expire ends nothing where the source has no other yet', async () => {
    const chat = new FakeChat();
    let current = 'one';
    const client = chat.connect({ token: () => current });
    client.room('hall');
    await chat.pass();
    chat.socket.tell(expiring);
    await chat.pass(1_000);
    expect(client.state.status).toBe('online');
    current = 'two';
    await chat.pass(30_000);
    const brought = chat.socket.sent.filter(({ action }) => action === 'auth');
    expect(brought.map(({ token }) => token)).toEqual(['two']);
  });

  test('that is not taken in place of the old one is followed by another', async () => {
    const chat = new FakeChat();
    let issued = 0;
    const client = chat.connect({ token: () => `t${++issued}` });
    client.room('hall');
    await chat.pass();
    chat.onFrame = ({ action, id: ref, token }: Json, socket) => {
      if (action !== 'auth' || token !== 't2') return false;
      const error = { type: 'error', code: 'token_not_valid', message: 'No.', retryable: false };
      socket.tell({ ...error, ref });
      return true;
    };
    chat.socket.tell(expiring);
    await chat.pass(30_000);
    expect(client.state.status).toBe('online');
    const brought = chat.socket.sent.filter(({ action }) => action === 'auth');
    expect(brought.at(-1)?.token).toBe('t3');
  });

  test('of somebody else ends it', async () => {
    const chat = new FakeChat();
    let issued = 0;
    const client = chat.connect({ token: () => `t${++issued}` });
    client.room('hall');
    await chat.pass();
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'auth') return false;
      socket.tell({ type: 'error', code: 'wrong_user', message: 'No.', retryable: false, ref });
      return true;
    };
    chat.socket.tell(expiring);
    await chat.pass(1_000);
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'wrong_user' } });
  });

  test('whose source hangs lets nobody wait for ever, and nobody asks it twice', async () => {
    const chat = new FakeChat();
    let asked = 0;
    let answer = (_: string) => {};
    const token = () => {
      asked++;
      return new Promise<string>((resolve) => (answer = resolve));
    };
    const client = chat.connect({ token });
    const room = client.room('hall');
    const call = client.rest.get('/api/me/');
    await Promise.all([
      chat.pass(60_000),
      expect(call).rejects.toMatchObject({ code: 'unreachable', retryable: true }),
    ]);
    expect(client.state.status).toBe('offline');
    expect(asked).toBe(1);
    answer('at-last');
    await chat.pass(60_000);
    expect(room.state.status).toBe('live');
  });

  test('that was refused is not given to who was told so, whoever else asks', async () => {
    const chat = new FakeChat();
    const asked: unknown[] = [];
    // It has another one only for who says that this one was refused.
    const source = async ({ refused }: { refused?: string }) => {
      asked.push(refused);
      await new Promise<void>((resolve) => chat.timeline.in(20, resolve));
      return refused === 'one' ? 'two' : 'one';
    };
    const tokens = new Tokens(source, { platform: chat.platform, timing: TIMING });
    const both = Promise.all([tokens.current(), tokens.current('one'), tokens.current('one')]);
    await Promise.all([chat.pass(100), expect(both).resolves.toEqual(['one', 'two', 'two'])]);
    expect(asked).toEqual([undefined, 'one']);
  });

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
  ])('source that gives %s has signed one out', async (_, nothing) => {
    const chat = new FakeChat();
    const client = chat.connect({ token: () => nothing as string });
    client.room('hall');
    await chat.pass();
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'signed_out' } });
    expect(client.state).toHaveProperty('error', expect.any(ParlorClientError));
  });
});
