import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Message } from '../../web/feed.ts';
import type { Draft } from '../../web/outbox.ts';
import { Room } from '../../web/room.ts';
import { FakeSocket, fakeBrowser } from './fake-browser.ts';

interface Event {
  type: string;
  seq: number;
  clientId: string;
  sender: string;
  content: string;
  timestamp: string;
  room: string;
}

/** An event as frames have it. */
const event = (seq: number, content: string, sender = 'bob', clientId = `b-${seq}`): Event => ({
  ...{ type: 'chat_message', room: 'lobby', timestamp: '2026-11-22T10:54:01.947000+00:00' },
  ...{ seq, content, sender, clientId },
});

const token = (name: string) =>
  `${name}.${Buffer.from(JSON.stringify({ exp: Date.now() / 1_000 + 300 })).toString('base64url')}.x`;

/** A room of the page, connected, with what it shows. */
class Visit {
  readonly shown: string[] = [];
  drafts: readonly Draft[] = [];
  failures: string[] = [];
  /** What the server's log holds. */
  readonly log: Event[] = [];
  refreshes = 0;
  readonly leave = fakeBrowser((path) => this.#answer(path));
  room: Room | undefined;

  async arrive(): Promise<this> {
    const session = { username: 'alice', access: token('first'), refresh: 'r1' };
    localStorage.setItem('parlor.session', JSON.stringify(session));
    const show = (messages: Message[]) =>
      this.shown.push(...messages.map(({ content }) => content));
    this.room = new Room('lobby', (sender) => sender === 'alice', {
      link: () => {},
      newer: show,
      older: show,
      drafts: (drafts) => {
        this.drafts = drafts.map((draft) => ({ ...draft }));
      },
      failed: (reason) => this.failures.push(reason),
      signedOut: () => this.failures.push('signed out'),
    });
    await settle();
    this.socket.open();
    await settle();
    return this;
  }

  get socket(): FakeSocket {
    const socket = FakeSocket.opened.at(-1);
    if (!socket) throw new Error('No socket was opened.');
    return socket;
  }

  /** What was sent of one action. */
  sent(action: string): Record<string, unknown>[] {
    return this.socket.sent.filter((frame) => frame.action === action);
  }

  ack(seq: number, clientId: unknown): void {
    this.socket.receive({ type: 'ack', ref: clientId, room: 'lobby', seq, clientId });
  }

  refuse(code: string, retryable: boolean, ref?: unknown): void {
    this.socket.receive({ type: 'error', ref, code, message: `Refused: ${code}.`, retryable });
  }

  #answer(path: string): unknown {
    if (path === '/api/token/refresh/') {
      this.refreshes++;
      return { access: token(`fresh-${this.refreshes}`), refresh: 'r2' };
    }
    const after = Number(/events\/\?after=(\d+)/.exec(path)?.[1] ?? Number.NaN);
    const results = this.log.filter(({ seq }) => seq > after);
    return { next: null, results: results.map((held) => ({ ...held, type: 'message' })) };
  }
}

/** Lets everything happen that waits for nothing but promises. */
const settle = () => jest.advanceTimersByTimeAsync(0);

let visit: Visit;
beforeEach(async () => {
  visit = await new Visit().arrive();
});
afterEach(() => visit.leave());

describe('packed events', () => {
  test('are shown like as many messages, those that came before left out', () => {
    visit.socket.receive(event(1, 'one'));
    const events = [event(1, 'one'), event(2, 'two'), event(3, 'three')];
    visit.socket.receive({ type: 'events', room: 'lobby', events });
    expect(visit.shown).toEqual(['one', 'two', 'three']);
  });

  test('of kinds that the page does not know count, but are not shown', () => {
    const events = [event(1, 'one'), { type: 'reaction', seq: 2 }, event(3, 'three')];
    visit.socket.receive({ type: 'events', room: 'lobby', events });
    expect(visit.shown).toEqual(['one', 'three']);
  });

  test('with something missing before them have it fetched', async () => {
    visit.log.push(event(1, 'one'), event(2, 'two'), event(3, 'three'));
    const events = [event(2, 'two'), event(3, 'three')];
    visit.socket.receive({ type: 'events', room: 'lobby', events });
    await settle();
    expect(visit.shown).toEqual(['one', 'two', 'three']);
  });

  test('of another room are not shown here', () => {
    visit.socket.receive({ type: 'events', room: 'elsewhere', events: [event(1, 'one')] });
    expect(visit.shown).toEqual([]);
  });
});

describe('a token that is about to expire', () => {
  test('is traded for a fresh one, which is sent, and nobody is troubled', async () => {
    visit.refuse('token_expiring', false);
    // It may come again before the answer.
    visit.refuse('token_expiring', false);
    await settle();
    expect(visit.sent('auth')).toEqual([
      { action: 'auth', token: expect.stringMatching(/^fresh-1\./) },
    ]);
    expect(visit.failures).toEqual([]);
  });

  test('or that has expired, holds a message back until the fresh one is taken', async () => {
    visit.room?.say('hello');
    const [first] = visit.sent('sendMessage');
    visit.refuse('token_expired', false, first?.id);
    await settle();
    expect(visit.sent('auth')).toHaveLength(1);
    expect(visit.drafts).toMatchObject([{ content: 'hello', state: 'waiting' }]);

    visit.log.push(event(1, 'missed'));
    visit.socket.receive({ type: 'authenticated', until: '' });
    await settle();
    expect(visit.shown).toEqual(['missed']);
    expect(visit.sent('sendMessage')[1]).toMatchObject({ clientId: first?.clientId, after: 1 });
  });
});

describe('an ack that comes late', () => {
  test('after the message itself, changes nothing any more', () => {
    visit.room?.say('hello');
    const clientId = String(visit.sent('sendMessage')[0]?.clientId);
    visit.socket.receive(event(1, 'hello', 'alice', clientId));
    expect([visit.shown, visit.drafts]).toEqual([['hello'], []]);
    visit.ack(1, clientId);
    expect([visit.shown, visit.drafts]).toEqual([['hello'], []]);
  });

  test('is waited for, then the same is sent again, and the ack of either attempt will do', async () => {
    visit.room?.say('hello');
    const [first] = visit.sent('sendMessage');
    await jest.advanceTimersByTimeAsync(10_000);
    expect(visit.sent('sendMessage')).toEqual([first, first]);
    visit.socket.receive(event(1, 'hello', 'alice', String(first?.clientId)));
    visit.ack(1, first?.clientId);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(visit.sent('sendMessage')).toHaveLength(2);
    expect(visit.drafts).toEqual([]);
  });

  test('even when its writer was told already that no answer came', async () => {
    visit.room?.say('hello');
    // Something comes now and then: the connection is alive.
    const alive = setInterval(() => visit.socket.receive({ type: 'pong', heads: [] }), 5_000);
    await jest.advanceTimersByTimeAsync(31_000);
    clearInterval(alive);
    expect(visit.sent('sendMessage')).toHaveLength(3);
    expect(visit.drafts).toMatchObject([{ state: 'failed', reason: 'No answer came.' }]);
    visit.ack(1, visit.drafts[0]?.clientId);
    expect(visit.drafts).toMatchObject([{ state: 'stored' }]);
  });
});

describe('a message that is refused', () => {
  test('for now, is sent again after the pause that the server asks for', async () => {
    visit.room?.say('hello');
    const [first] = visit.sent('sendMessage');
    const refusal = { type: 'error', ref: first?.id, code: 'rate_limited', message: 'Wait.' };
    visit.socket.receive({ ...refusal, retryable: true, retryAfter: 2 });
    await jest.advanceTimersByTimeAsync(1_900);
    expect(visit.sent('sendMessage')).toEqual([first]);
    await jest.advanceTimersByTimeAsync(200);
    expect(visit.sent('sendMessage')).toEqual([first, first]);
  });

  test('because too much was said since, is sent again after that has been read', async () => {
    visit.room?.say('hello');
    visit.log.push(event(1, 'one'), event(2, 'two'));
    visit.refuse('after_too_old', false, visit.sent('sendMessage')[0]?.id);
    await settle();
    expect(visit.shown).toEqual(['one', 'two']);
    expect(visit.sent('sendMessage').map(({ after }) => after)).toEqual([0, 2]);
  });

  test('for good, stays with the reason, until its writer decides', () => {
    visit.room?.say('hello');
    visit.refuse('content_invalid', false, visit.sent('sendMessage')[0]?.id);
    expect(visit.drafts).toMatchObject([{ state: 'failed', reason: 'Refused: content_invalid.' }]);
    visit.room?.retry(String(visit.drafts[0]?.clientId));
    expect(visit.sent('sendMessage')).toHaveLength(2);
  });
});

test('a new connection sends again what had no answer, after it has read what it missed', async () => {
  visit.room?.say('hello');
  const [first] = visit.sent('sendMessage');
  visit.log.push(event(1, 'meanwhile'), event(2, 'hello', 'alice', String(first?.clientId)));
  visit.room?.say('and on');
  visit.socket.end();
  await jest.advanceTimersByTimeAsync(1_000);
  visit.socket.open();
  await settle();
  expect(visit.shown).toEqual(['meanwhile', 'hello']);
  expect(visit.sent('sendMessage')).toMatchObject([{ content: 'and on', after: 2 }]);
});
