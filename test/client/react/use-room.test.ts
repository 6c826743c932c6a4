import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  Activity,
  act,
  createElement as h,
  type ReactNode,
  Suspense,
  use,
  useEffect,
  useLayoutEffect,
} from 'react';
import { type RoomUse, useMessages, useRoom } from '../../../client/react/index.ts';
import { FakeParlor } from '../fake-parlor.ts';
import { render, strict, within } from './rendering.ts';

/** Longer than a room is kept that nobody holds. */
const LONG = 10_000;
const NEVER = new Promise<never>(() => {});

interface Props {
  name: string;
  stay?: boolean;
  seen?: (use: RoomUse) => void;
}

function Place({ name, stay = false, seen }: Props): ReactNode {
  const used = useRoom(name, { stay });
  seen?.(used);
  const { room, state } = used;
  return `${room.name} ${state.error?.code ?? state.status}. `;
}

/** A component whose render is thrown away, for it never has what it needs. */
function Abandoned({ name }: Props): ReactNode {
  const { room } = useRoom(name);
  useMessages(room);
  use(NEVER);
  return null;
}

const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

let client: FakeParlor;
let warnings: ReturnType<typeof jest.spyOn>;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask'] });
  client = new FakeParlor();
  warnings = jest.spyOn(console, 'error');
});

afterEach(() => {
  expect(warnings).not.toHaveBeenCalled();
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('useRoom', () => {
  test('enters the room and shows how it stands', async () => {
    const page = await render(within(client, h(Place, { name: 'lobby' })));
    expect(client.names).toEqual(['lobby']);
    expect(page.text).toBe('lobby joining. ');
    await act(async () => client.room('lobby').become({ status: 'live' }));
    expect(page.text).toBe('lobby live. ');
  });

  test('shows at once how a room stands that the client is in', async () => {
    client.room('lobby').become({ status: 'live' });
    const page = await render(within(client, h(Place, { name: 'lobby' })));
    expect(page.text).toBe('lobby live. ');
  });

  test('leaves it some seconds after it was unmounted', async () => {
    const page = await render(within(client, h(Place, { name: 'lobby' })));
    await page.unmount();
    expect(client.names).toEqual(['lobby']);
    await pass(LONG);
    expect(client.names).toEqual([]);
  });

  test('stays in it when it is mounted again soon', async () => {
    const page = await render(within(client, h(Place, { name: 'lobby' })));
    await page.show(null);
    await pass(1_000);
    await page.show(within(client, h(Place, { name: 'lobby' })));
    await pass(LONG);
    expect(client.names).toEqual(['lobby']);
    expect(client.entered).toHaveLength(1);
  });

  test('enters once in StrictMode, and leaves once', async () => {
    const page = await render(strict(within(client, h(Place, { name: 'lobby' }))));
    await pass(LONG);
    expect(client.names).toEqual(['lobby']);
    await page.unmount();
    await pass(LONG);
    expect(client.names).toEqual([]);
    expect(client.entered).toHaveLength(1);
  });

  test('enters nothing for a render that is thrown away', async () => {
    const waiting = within(client, h(Suspense, null, h(Abandoned, { name: 'garden' })));
    const page = await render(waiting);
    await page.show(within(client, h(Place, { name: 'lobby' })));
    await page.showLater(waiting);
    await page.show(within(client, h(Place, { name: 'lobby' })));
    await pass(LONG);
    expect(client.entered.map(({ name }) => name)).toEqual(['lobby']);
    expect(client.names).toEqual(['lobby']);
  });

  test('stays for as long as anyone uses it, under whatever provider and spelling', async () => {
    const one = within(client, h(Place, { name: 'ﬁne' }));
    const other = within(client, h(Place, { name: 'fine' }));
    const page = await render([one, other].map((child, key) => h('p', { key }, child)));
    expect(page.text).toBe('fine joining. fine joining. ');
    await page.show([h('p', { key: 1 }, other)]);
    await pass(LONG);
    expect(client.names).toEqual(['fine']);
    await page.show(null);
    await pass(LONG);
    expect(client.names).toEqual([]);
  });

  test('does not leave a room in which it is to stay', async () => {
    const page = await render(within(client, h(Place, { name: 'lobby', stay: true })));
    await page.unmount();
    await pass(LONG);
    expect(client.names).toEqual(['lobby']);
  });

  test('stays where the application entered by a hook that stays, after one that does not', async () => {
    const page = await render(
      within(
        client,
        h(Place, { key: 1, name: 'lobby', stay: true }),
        h(Place, { key: 2, name: 'lobby' }),
      ),
    );
    await page.unmount();
    await pass(LONG);
    expect(client.names).toEqual(['lobby']);
  });

  test('shows of each room its own state, whatever the room before was', async () => {
    const seen: string[] = [];
    const show = (name: string) =>
      within(
        client,
        h(Place, { name, seen: ({ room, state }) => seen.push(`${room.name} ${state.upTo}`) }),
      );
    const page = await render(show('a'));
    await act(async () => client.room('a').become({ upTo: 1 }));
    await page.show(show('b'));
    await act(async () => client.room('b').become({ upTo: 2 }));
    await page.show(show('a'));
    expect(new Set(seen)).toEqual(new Set(['a 0', 'a 1', 'b 0', 'b 2']));
    expect(seen.at(-1)).toBe('a 1');
    await pass(LONG);
    expect(client.names).toEqual(['a']);
  });

  test('makes room by leaving rooms that nobody uses any more', async () => {
    client = new FakeParlor({ capacity: 3 });
    const page = await render(within(client, h(Place, { name: 'a' })));
    for (const name of ['b', 'c', 'd', 'e']) await page.show(within(client, h(Place, { name })));
    expect(page.text).toBe('e joining. ');
    expect(client.names).toContain('e');
  });

  test('is refused where the client can’t enter', async () => {
    client = new FakeParlor({ capacity: 1 });
    const names = ['a', 'b'].map((name) => h(Place, { key: name, name }));
    const page = await render(within(client, ...names));
    expect(page.text).toBe('a joining. b too_many_rooms. ');
    await act(() => client.close());
    await page.show(within(client, ...names, h(Place, { key: 'c', name: 'c' })));
    expect(page.text).toContain('c closed. ');
  });

  test('shows that the application left the room', async () => {
    const page = await render(within(client, h(Place, { name: 'lobby' })));
    await act(async () => client.room('lobby').leave());
    expect(page.text).toBe('lobby left. ');
    expect(client.names).toEqual([]);
  });

  test('enters anew when what was hidden for long is shown again', async () => {
    const show = (mode: 'visible' | 'hidden') => {
      const hideable = { mode, children: h(Place, { name: 'lobby' }) };
      return within(client, h(Activity, hideable));
    };
    const page = await render(show('visible'));
    await page.show(show('hidden'));
    await pass(LONG);
    expect(client.names).toEqual([]);
    await page.show(show('visible'));
    await act(async () => client.room('lobby').become({ status: 'live' }));
    expect(page.text).toBe('lobby live. ');
    expect(client.entered).toHaveLength(2);
    await act(async () => client.entered[0]?.become({ status: 'offline' }));
    expect(page.text).toBe('lobby live. ');
  });

  test('paints no picture of a room that is still to be entered', async () => {
    client.room('lobby').become({ status: 'live' });
    const order: string[] = [];
    function Painted() {
      const { state } = useRoom('lobby');
      useLayoutEffect(() => {
        order.push(state.status);
        if (order.length === 1) queueMicrotask(() => order.push('painted'));
      });
      return null;
    }
    const page = await render(null);
    await page.showAsBrowsersDo(within(client, h(Painted)));
    expect(order).toEqual(['joining', 'live', 'painted']);
  });

  test('hands on what is sent, tried again and dropped', async () => {
    const seen: RoomUse[] = [];
    await render(within(client, h(Place, { name: 'lobby', seen: (use) => void seen.push(use) })));
    await act(async () => {
      await seen[0]?.send('hello');
      seen[0]?.retry('x');
      seen[0]?.discard('y');
    });
    expect(client.room('lobby').calls).toEqual(['send hello', 'retry x', 'discard y']);
    expect(seen.at(-1)?.state.pending).toHaveLength(1);
  });

  test('gives the room’s own promise, whose failure is told by what is pending', async () => {
    const seen: RoomUse[] = [];
    await render(within(client, h(Place, { name: 'lobby', seen: (use) => void seen.push(use) })));
    const stored = new Promise<never>(() => {});
    jest.spyOn(client.room('lobby'), 'send').mockReturnValue(stored);
    expect(seen[0]?.send('hello')).toBe(stored);
  });

  test('refuses what is sent in a room that can’t be entered', async () => {
    client = new FakeParlor({ capacity: 0 });
    const seen: RoomUse[] = [];
    await render(within(client, h(Place, { name: 'lobby', seen: (use) => void seen.push(use) })));
    await expect(seen[0]?.send('hello')).rejects.toMatchObject({ code: 'too_many_rooms' });
  });

  test('gives the same object until something changes', async () => {
    const seen: RoomUse[] = [];
    const show = () =>
      within(client, h(Place, { name: 'lobby', seen: (use) => void seen.push(use) }));
    const page = await render(show());
    const first = seen.at(-1);
    await page.show(show());
    expect(seen.at(-1)).toBe(first);
    await act(async () => client.room('lobby').become({ upTo: 1 }));
    expect(seen.at(-1)).not.toBe(first);
    expect(seen.at(-1)?.room).toBe(first?.room);
  });

  test('lets effects listen to a room that can’t be entered, of which nothing comes', async () => {
    function Listener() {
      const { room, state } = useRoom('lobby');
      useEffect(() => room.on('message', () => {}), [room]);
      return state.error?.code;
    }
    await client.close();
    const page = await render(strict(within(client, h(Listener))));
    expect(page.text).toBe('closed');
    await page.unmount();
  });

  test('lets effects listen to the room’s events', async () => {
    const heard: number[] = [];
    function Listener() {
      const { room } = useRoom('lobby');
      useEffect(() => room.on('message', ({ seq }) => heard.push(seq)), [room]);
      return null;
    }
    const page = await render(strict(within(client, h(Listener))));
    const room = client.room('lobby');
    const message = { id: '', clientId: '', sender: '', content: '', timestamp: '' };
    await act(async () => room.receive({ ...message, seq: 1 }));
    await page.unmount();
    room.receive({ ...message, seq: 2 });
    expect(heard).toEqual([1]);
  });
});
