import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Window } from 'happy-dom';
import { browserSessionStorage } from '../../client/session-storage.ts';
import { FakeLocks } from './fake-locks.ts';

let page: Window;

beforeEach(() => {
  page = new Window();
  Object.assign(globalThis, {
    localStorage: page.localStorage,
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  page.close();
});

describe('the storage of a browser’s session', () => {
  test('keeps a login under its key', () => {
    const storage = browserSessionStorage('mine');
    expect(storage.get()).toBeUndefined();
    storage.set('a login');
    expect(localStorage.getItem('mine')).toBe('a login');
    expect(browserSessionStorage('mine').get()).toBe('a login');
    expect(browserSessionStorage().get()).toBeUndefined();
    storage.remove();
    expect(browserSessionStorage('mine').get()).toBeUndefined();
  });

  test('tells of what other tabs change, and of nothing else', () => {
    const storage = browserSessionStorage();
    const listener = jest.fn();
    const stop = storage.onChange(listener);
    const change = (key?: string) => page.dispatchEvent(new page.StorageEvent('storage', { key }));
    change('another');
    expect(listener).not.toHaveBeenCalled();
    change('parlor.session');
    change();
    expect(listener).toHaveBeenCalledTimes(2);
    stop();
    change('parlor.session');
    expect(listener).toHaveBeenCalledTimes(2);
  });

  test('lasts as long as the page where the browser keeps nothing', () => {
    const refuse = () => {
      throw new Error('SecurityError');
    };
    Object.assign(globalThis, {
      localStorage: { getItem: refuse, setItem: refuse, removeItem: refuse },
    });
    const storage = browserSessionStorage();
    expect(storage.get()).toBeUndefined();
    storage.set('a login');
    expect(storage.get()).toBe('a login');
    storage.remove();
    expect(storage.get()).toBeUndefined();
  });

  for (const where of ['over all tabs', 'of one tab where there are no Web Locks'] as const) {
    test(`runs one action at a time, ${where}`, async () => {
      const locks = where === 'over all tabs' ? new FakeLocks().tab() : undefined;
      jest.replaceProperty(globalThis, 'navigator', { locks } as unknown as Navigator);
      const first = browserSessionStorage();
      const second = locks ? browserSessionStorage() : first;
      const order: string[] = [];
      const action = (name: string) => async () => {
        order.push(`${name} begins`);
        await new Promise(setImmediate);
        order.push(`${name} ends`);
        if (name === 'a') throw new Error('a failed');
        return name;
      };
      const [a, b] = await Promise.allSettled([first.lock(action('a')), second.lock(action('b'))]);
      expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
      expect([a.status, b]).toEqual(['rejected', { status: 'fulfilled', value: 'b' }]);
    });
  }
});
