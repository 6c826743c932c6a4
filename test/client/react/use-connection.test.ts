import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, createElement as h, type ReactNode } from 'react';
import { useConnection, useRoom } from '../../../client/react/index.ts';
import { FakeParlor } from '../fake-parlor.ts';
import { render, within } from './rendering.ts';

function Connection(): ReactNode {
  return `connection ${useConnection().status}. `;
}

function Place({ name }: { name: string }): ReactNode {
  const { room, state } = useRoom(name, { stay: true });
  return `${room.name} ${state.status}. `;
}

let client: FakeParlor;
let warnings: ReturnType<typeof jest.spyOn>;

beforeEach(() => {
  client = new FakeParlor();
  warnings = jest.spyOn(console, 'error');
});

afterEach(() => {
  expect(warnings).not.toHaveBeenCalled();
  jest.restoreAllMocks();
});

describe('useConnection', () => {
  test('shows what the connection does, also what the page itself sets off', async () => {
    const page = await render(
      within(client, h(Connection, { key: 1 }), h(Place, { key: 2, name: 'lobby' })),
    );
    expect(page.text).toBe('connection connecting. lobby joining. ');
    await act(async () => client.become({ status: 'online' }));
    expect(page.text).toContain('connection online. ');
  });

  test('listens to another client when there is another', async () => {
    const page = await render(within(client, h(Connection)));
    const next = new FakeParlor();
    next.become({ status: 'online' });
    await page.show(within(next, h(Connection)));
    expect(page.text).toBe('connection online. ');
    await act(async () => client.become({ status: 'closed' }));
    expect(page.text).toBe('connection online. ');
    await act(async () => next.become({ status: 'closed' }));
    expect(page.text).toBe('connection closed. ');
  });
});

describe('a component outside of a provider', () => {
  test('is told what is missing', async () => {
    warnings.mockImplementation(() => {});
    await expect(render(h(Connection))).rejects.toThrow(/<ParlorProvider>/);
    warnings.mockClear();
  });
});
