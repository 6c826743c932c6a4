import { expect } from 'expect';
import { decodeJwt } from 'jose';
import { get, post } from '../../test/e2e/chat-client.ts';
import type { Group } from '../check.ts';

const OLD_TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const OLD_FIELDS = ['content', 'room', 'sender', 'timestamp', 'type'];

export const OLD_CLIENT: Group = {
  title: 'an unchanged client of the old chat',
  checks: [
    {
      name: 'registers, logs in with a form, and gets the old tokens',
      async run(target) {
        const [username, { password }] = [target.name('registered'), target];
        const registered = await post(target.url, '/accounts/registration/', {
          username,
          password,
        });
        expect(registered.status).toBe(201);
        expect(await registered.json()).toEqual({ username });
        const loggedIn = await fetch(`${target.url}/accounts/login/`, {
          method: 'POST',
          body: new URLSearchParams({ username, password }),
        });
        expect(loggedIn.status).toBe(200);
        const { access, refresh, ...rest } = await loggedIn.json();
        expect(rest).toEqual({});
        expect(decodeJwt(access)).toEqual({
          token_type: 'access',
          exp: expect.any(Number),
          iat: expect.any(Number),
          jti: expect.any(String),
          user_id: expect.any(String),
          // Parlor's own: the login, with which the token ends.
          sid: expect.any(String),
        });
        const refreshed = await post(target.url, '/api/token/refresh/', { refresh });
        expect(refreshed.status).toBe(200);
        const renewed = await refreshed.json();
        expect(renewed).toHaveProperty('access');
        target.willLogOut(renewed.refresh ?? refresh);
      },
    },
    {
      name: 'talks, and finds it all in the history',
      async run(target) {
        const [alice, bob] = [await target.person('alice'), await target.person('bob')];
        const room = target.name('global');
        const sockets = [
          await target.connectLegacy(room, alice.access),
          await target.connectLegacy(room, bob.access),
        ];
        sockets[0]?.send({ message: 'hello' });
        const frames = await Promise.all(sockets.map((socket) => socket.next()));
        const said = { sender: alice.username, content: 'hello', room };
        for (const frame of frames) {
          expect(frame).toEqual({
            type: 'chat_message',
            timestamp: expect.stringMatching(OLD_TIMESTAMP),
            ...said,
          });
        }
        const history = await get(target.url, `/chat/history/${room}/`, alice.access);
        expect(history.status).toBe(200);
        const timestamp = String(frames[0]?.timestamp).replace('+00:00', 'Z');
        expect(await history.json()).toEqual([{ ...said, timestamp }]);
        await Promise.all(sockets.map((socket) => socket.close()));
      },
    },
    {
      name: 'is refused at the handshake with a bad, a missing or a refresh token',
      async run(target) {
        const { refresh } = await target.person('alice');
        for (const token of ['', 'garbage', refresh]) {
          await expect(target.connectLegacy(target.name('global'), token)).rejects.toThrow(
            target.refusedWith(401),
          );
        }
      },
    },
    {
      name: 'gets an error frame for an empty message, and the connection lives on',
      async run(target) {
        const { access, username } = await target.person('alice');
        const socket = await target.connectLegacy(target.name('quiet'), access);
        expect(await socket.ask({ message: '' }, 'error')).toMatchObject({ code: 'content_empty' });
        expect(await socket.ask('not json', 'error')).toMatchObject({ code: 'malformed_json' });
        socket.send({ message: 'still here', user: 'ignored, as it was' });
        expect(await socket.next()).toMatchObject({ sender: username, content: 'still here' });
        await socket.close();
      },
    },
    {
      name: 'sees what a new client says, and the other way round, each in its own frames',
      async run(target) {
        const [alice, bob] = [await target.person('alice'), await target.person('bob')];
        const room = target.name('mixed');
        const old = await target.connectLegacy(room, alice.access);
        const recent = await target.connectV1(room, bob.access);
        old.send({ message: 'from the old' });
        expect(Object.keys(await old.next()).sort()).toEqual(OLD_FIELDS);
        expect(await recent.next()).toMatchObject({ content: 'from the old', seq: 1 });
        recent.send({ action: 'sendMessage', room, content: 'from the new' });
        expect(await old.next()).toMatchObject({ sender: bob.username, content: 'from the new' });
        await Promise.all([old.close(), recent.close()]);
      },
    },
  ],
};
