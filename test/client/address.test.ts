import { describe, expect, test } from '@jest/globals';
import { restAddress, socketAddress } from '../../client/address.ts';
import { accountSession } from '../../client/session.ts';
import { FakeChat } from './fake-chat.ts';

describe('the address of a chat', () => {
  test('is taken without white space around it, and slashes at its end', () => {
    expect(restAddress(' https://chat.example.com/\n')).toBe('https://chat.example.com');
    expect(restAddress('HTTP://localhost:8000//')).toBe('http://localhost:8000');
    expect(restAddress('https://abc.example.com/live')).toBe('https://abc.example.com/live');
  });

  test.each([
    'ws://localhost:8000',
    'wss://chat.example.com',
    'chat.example.com',
    'localhost:8000',
    '/chat',
    '',
    'ftp://chat.example.com',
  ])('is refused at once where it is %j', (url) => {
    const error = expect.objectContaining({ code: 'invalid_field' });
    const chat = new FakeChat();
    expect(() => chat.connect({ url })).toThrow(error);
    expect(() => accountSession({ url })).toThrow(error);
  });

  test('has sockets of its own scheme', () => {
    const url = ' https://chat.example.com/';
    expect(socketAddress({ url, token: '' })('a b')).toBe('wss://chat.example.com/ws/chat/a%20b/');
    expect(socketAddress({ url: 'http://localhost:8000', token: '' })('x')).toBe(
      'ws://localhost:8000/ws/chat/x/',
    );
  });

  test('of sockets may be another one, in whichever of the two ways it is written', () => {
    for (const socketUrl of ['wss://x.example.com/live', ' https://x.example.com/live\n']) {
      const address = socketAddress({ url: 'https://chat.example.com', socketUrl, token: '' });
      expect(address('küche')).toBe('wss://x.example.com/live?room=k%C3%BCche');
    }
    const chat = new FakeChat();
    expect(() => chat.connect({ socketUrl: 'x.example.com' })).toThrow(
      expect.objectContaining({ code: 'invalid_field' }),
    );
  });
});
