import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, createElement as h, type ReactNode, useEffect } from 'react';
import { ParlorClientError } from '../../../client/errors.ts';
import { type MessageWindow, useMessages, useRoom } from '../../../client/react/index.ts';
import type { Room } from '../../../client/types.ts';
import { aMessage, FakeParlor, type FakeRoom } from '../fake-parlor.ts';
import { asBrowsersDo, render, strict, within } from './rendering.ts';

interface Props {
  name: string;
  seen?: (window: MessageWindow) => void;
}

function Messages({ room, seen }: { room: Room; seen?: Props['seen'] }): ReactNode {
  const shown = useMessages(room);
  seen?.(shown);
  const texts = [...shown.messages, ...shown.pending].map(({ content }) => content);
  return `${shown.loading}: ${texts.join(', ')}`;
}

/** The window in a child, whose effects come before those of the room's own component. */
function Place({ name, seen }: Props): ReactNode {
  const { room } = useRoom(name);
  return h(Messages, { room, seen });
}

let client: FakeParlor;
let warnings: ReturnType<typeof jest.spyOn>;

/** The room that the client is in. */
const theRoom = (name: string): FakeRoom => client.room(name);
/** How many timelines are open: each listens to its room. */
function open(): number {
  const [grown, replaced] = (['grown', 'replaced'] as const).map((event) =>
    client.entered.reduce((sum, { tail }) => sum + tail.listeners[event], 0),
  );
  expect(grown).toBe(replaced);
  return grown ?? 0;
}

/** Renders room a. @returns what gives its window as it was last rendered */
async function window(): Promise<() => MessageWindow> {
  const seen: MessageWindow[] = [];
  await render(within(client, h(Place, { name: 'a', seen: (each) => void seen.push(each) })));
  return () => {
    const last = seen.at(-1);
    if (last) return last;
    throw new Error('Nothing was rendered.');
  };
}

beforeEach(() => {
  // Rooms are left later than the tests are over.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask'] });
  client = new FakeParlor({
    log: (name) => [11, 12].map((seq) => aMessage(seq, { content: `${name} ${seq}` })),
  });
  warnings = jest.spyOn(console, 'error');
});

afterEach(() => {
  expect(warnings).not.toHaveBeenCalled();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('useMessages', () => {
  test('shows the room’s messages, and those that come', async () => {
    const page = await render(within(client, h(Place, { name: 'a' })));
    expect(page.text).toBe('no: a 11, a 12');
    await act(async () => theRoom('a').receive(aMessage(13)));
    expect(page.text).toBe('no: a 11, a 12, message 13');
  });

  test('closes its timeline when it is unmounted', async () => {
    const page = await render(within(client, h(Place, { name: 'a' })));
    expect(open()).toBe(1);
    await page.unmount();
    expect(open()).toBe(0);
  });

  test('has one timeline open in StrictMode, and none after', async () => {
    const page = await render(strict(within(client, h(Place, { name: 'a' }))));
    expect(open()).toBe(1);
    await act(async () => theRoom('a').receive(aMessage(13)));
    expect(page.text).toBe('no: a 11, a 12, message 13');
    await page.unmount();
    expect(open()).toBe(0);
  });

  test('never shows a message of the room before', async () => {
    const seen: { name: string; contents: string[] }[] = [];
    const show = (name: string) => {
      const note = ({ messages, pending }: MessageWindow) =>
        void seen.push({ name, contents: [...messages, ...pending].map(({ content }) => content) });
      return within(client, h(Place, { name, seen: note }));
    };
    const page = await render(show('a'));
    await act(async () => void theRoom('a').send('a waits'));
    for (const name of ['b', 'c', 'a', 'b']) {
      await page.show(show(name));
      // Of a room that is not on the screen any more.
      await act(async () => theRoom('a').receive(aMessage(13, { content: 'a 13' })));
    }
    expect(seen.filter(({ contents }) => contents.length > 0).length).toBeGreaterThanOrEqual(5);
    const foreign = seen.filter(({ name, contents }) => contents.some((text) => text[0] !== name));
    expect(foreign).toEqual([]);
    expect(page.text).toMatch(/^no: b 11, b 12/);
    expect(open()).toBe(1);
  });

  test('shows an own message once, as it goes from the echo to the log', async () => {
    const seen: string[][] = [];
    const note = ({ messages, pending }: MessageWindow) =>
      void seen.push([...messages, ...pending].map(({ clientId }) => clientId));
    await render(within(client, h(Place, { name: 'a', seen: note })));
    await act(async () => void theRoom('a').send('x'));
    seen.length = 0;
    await asBrowsersDo(() => theRoom('a').receive(aMessage(13, { clientId: 'client-x' })));
    expect(seen.length).toBeGreaterThan(0);
    for (const clientIds of seen)
      expect(clientIds.filter((clientId) => clientId === 'client-x')).toHaveLength(1);
  });

  test('shows what waited already when it was mounted', async () => {
    const room = client.room('a');
    await room.send('hello');
    const page = await render(within(client, h(Place, { name: 'a' })));
    expect(page.text).toBe('no: a 11, a 12, hello');
  });

  test('moves the window', async () => {
    const shown = await window();
    const { calls } = theRoom('a');
    await act(async () => await shown().loadOlder());
    expect(calls.splice(0)).toEqual(['history {"before":11}']);
    jest.spyOn(theRoom('a'), 'history').mockResolvedValue({
      messages: [aMessage(7)],
      more: true,
      joins: false,
    });
    await act(async () => await shown().jumpTo(7));
    expect(shown()).toMatchObject({ hasNewer: true, hasOlder: true });
    await act(async () => await shown().loadNewer());
    expect(theRoom('a').history).toHaveBeenLastCalledWith({ after: 7 }, 100);
    await act(async () => await shown().jumpToLatest());
    expect(shown().messages.map(({ seq }) => seq)).toEqual([11, 12]);
  });

  test('can be moved by the effects of the first mount: a link to a message', async () => {
    function Linked() {
      const { jumpTo } = useMessages(useRoom('a').room);
      useEffect(() => void jumpTo(7), [jumpTo]);
      return null;
    }
    await render(within(client, h(Linked)));
    expect(theRoom('a').calls).toEqual(['history {"before":8}', 'history {"after":7}']);
  });

  test('does not move another room’s window by what was meant for the one before', async () => {
    const seen: MessageWindow[] = [];
    const show = (name: string) =>
      within(client, h(Place, { name, seen: (window) => void seen.push(window) }));
    const page = await render(show('a'));
    const before = seen.at(-1);
    await page.show(show('b'));
    await before?.jumpTo(7);
    expect(client.entered.flatMap(({ calls }) => calls)).toEqual([]);
  });

  test('gives the same object until something in it changes', async () => {
    const seen: MessageWindow[] = [];
    const show = () =>
      within(client, h(Place, { name: 'a', seen: (window) => void seen.push(window) }));
    const page = await render(show());
    const first = seen.at(-1);
    await page.show(show());
    await act(async () => theRoom('a').become({ status: 'offline', pending: [] }));
    expect(seen.at(-1)).toBe(first);
    await act(async () => theRoom('a').receive(aMessage(13)));
    expect(seen.at(-1)).not.toBe(first);
    expect(seen.at(-1)?.jumpTo).toBe(first?.jumpTo);
  });

  test('forgets an error that is over', async () => {
    const shown = await window();
    const error = new ParlorClientError('unreachable', 'The server can’t be reached. Try again.');
    jest.spyOn(theRoom('a'), 'history').mockRejectedValueOnce(error);
    await act(async () => await shown().loadOlder());
    expect(shown().error).toBe(error);
    await act(async () => await shown().loadOlder());
    expect(shown().error).toBeUndefined();
  });

  test('says why there is no window on a room that can’t be entered', async () => {
    client = new FakeParlor({ capacity: 0 });
    const shown = await window();
    expect(shown()).toMatchObject({
      loading: 'no',
      error: { code: 'too_many_rooms' },
      messages: [],
    });
    await expect(shown().jumpTo(7)).resolves.toBeUndefined();
  });
});
