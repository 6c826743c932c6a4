import { describe, expect, test } from '@jest/globals';
import { Target } from '../../smoke/target.ts';

describe('a target', () => {
  test('of one origin has its sockets at the chat’s own paths', () => {
    const target = new Target({ url: 'https://chat.example/' });
    expect(target.url).toBe('https://chat.example');
    expect(target.socketAddress('größe 2', { token: 'a+b' })).toBe(
      'wss://chat.example/ws/chat/gr%C3%B6%C3%9Fe%202/?token=a%2Bb',
    );
    expect(target.socketAddress('lobby')).toBe('wss://chat.example/ws/chat/lobby/');
  });

  test('without CloudFront has them at the stage, the room in the query', () => {
    const target = new Target({ url: 'https://rest.example', socketUrl: 'wss://ws.example/live' });
    expect(target.socketAddress('größe 2', { token: 't' })).toBe(
      'wss://ws.example/live?room=gr%C3%B6%C3%9Fe+2&token=t',
    );
  });

  test('is looked at by people and in rooms that no other run knows', () => {
    const [one, other] = [1, 2].map(() => new Target({ url: 'http://localhost:8000' }));
    expect(one?.name('alice')).toMatch(/^alice-[0-9a-f]{10}$/);
    expect(one?.name('alice')).toBe(one?.name('alice'));
    expect(one?.name('alice')).not.toBe(other?.name('alice'));
    expect(one?.password).not.toBe(other?.password);
  });

  test('says that sockets come from its own origin, by default', () => {
    const url = 'https://chat.example/base';
    expect(new Target({ url }).headers).toEqual({ Origin: 'https://chat.example' });
    const origin = 'https://page.example';
    expect(new Target({ url, origin }).headers).toEqual({ Origin: origin });
  });

  test('is asked by links of another host', () => {
    const target = new Target({ url: 'https://127.0.0.1:4566/_aws/execute-api/x/$default' });
    expect(target.follow('https://x.execute-api.localhost/api/rooms/?cursor=1')).toBe(
      'https://127.0.0.1:4566/_aws/execute-api/x/$default/api/rooms/?cursor=1',
    );
  });

  test('refuses with the status of $connect, where it is not known to do otherwise', () => {
    const url = 'http://localhost';
    expect('refused with 401').toMatch(new Target({ url }).refusedWith(401));
    const differences = new Map([['refusal status', 'always 403']] as const);
    const target = new Target({ url, differences });
    expect('refused with 403').toMatch(target.refusedWith(401));
    expect('refused with 401').not.toMatch(target.refusedWith(401));
  });
});
