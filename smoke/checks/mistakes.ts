import { expect } from 'expect';
import { CONTENT_BYTES } from '../../protocol/limits.ts';
import { get } from '../../test/e2e/chat-client.ts';
import { challengeOf } from '../challenge.ts';
import type { Group } from '../check.ts';
import { eventsOf, inRoom } from './new-client.ts';

export const MISTAKES: Group = {
  title: 'a client that makes mistakes',
  checks: [
    {
      name: 'is answered each by its code; nothing is stored, and the connection lives on',
      run: (target) =>
        inRoom(target, 'mistakes', async (room, mine) => {
          const send = { action: 'sendMessage', room, content: 'x' };
          const mistakes: [unknown, string][] = [
            ['{"action":', 'malformed_json'],
            ['[]', 'malformed_json'],
            ['null', 'malformed_json'],
            [{}, 'unknown_action'],
            [{ action: 'shout' }, 'unknown_action'],
            [{ action: ['ping'] }, 'unknown_action'],
            [{ action: 'sendMessage', room }, 'invalid_field'],
            [{ ...send, content: 7 }, 'invalid_field'],
            [{ ...send, after: -1 }, 'invalid_field'],
            [{ ...send, after: 1.5 }, 'invalid_field'],
            [{ ...send, clientId: '' }, 'invalid_field'],
            [{ ...send, colour: 'red' }, 'invalid_field'],
            ['{"action":"ping","__proto__":{"polluted":true}}', 'invalid_field'],
            [{ ...send, content: ' \n ' }, 'content_empty'],
            [{ ...send, content: 'ä'.repeat(CONTENT_BYTES / 2 + 1) }, 'content_too_long'],
            [{ ...send, content: 'bell \u0007' }, 'content_invalid'],
          ];
          for (const [frame, code] of mistakes) {
            const error = await mine.ask(frame, 'error');
            expect(error).toMatchObject({ code, message: expect.stringMatching(/\.$/) });
          }
          expect(await eventsOf(target, room)).toMatchObject({ head: 0, results: [] });
        }),
    },
    {
      name: 'is told of rooms it may not write to, cursors ahead of the log, and its own frame’s id',
      run: (target) =>
        inRoom(target, 'more-mistakes', async (room, mine) => {
          const send = { action: 'sendMessage', id: 'mine', room, content: 'x' };
          const mistakes: [object, string][] = [
            [{ ...send, room: target.name('elsewhere') }, 'not_joined'],
            [{ ...send, room: 'no spaces' }, 'room_name_invalid'],
            [{ ...send, room: 'a/../b' }, 'room_name_invalid'],
            [{ ...send, room: 'x'.repeat(101) }, 'room_name_invalid'],
            [{ ...send, after: 9 }, 'after_beyond_head'],
            [{ action: 'leave', id: 'mine', room: target.name('elsewhere') }, 'not_joined'],
            [{ action: 'join', id: 'mine', room: '' }, 'room_name_invalid'],
          ];
          for (const [frame, code] of mistakes) {
            expect(await mine.ask(frame, 'error')).toMatchObject({ code, ref: 'mine' });
          }
          expect(await eventsOf(target, room)).toMatchObject({ head: 0, results: [] });
        }),
    },
    {
      name: 'gets the old chat’s 401 without a token, and with a refresh token in its place',
      async run(target) {
        const { refresh } = await target.person('alice');
        for (const [token, body] of [
          [undefined, { detail: 'Authentication credentials were not provided.' }],
          [refresh, { code: 'token_not_valid' }],
        ] as const) {
          const answer = await get(target.url, `/chat/history/${target.name('global')}/`, token);
          expect(answer.status).toBe(401);
          expect(challengeOf(answer.headers)).toBe('Bearer realm="api"');
          expect(await answer.json()).toMatchObject(body);
        }
      },
    },
  ],
};
