import { jest } from '@jest/globals';

/** What a page sends and gets over one socket. */
export class FakeSocket {
  static readonly OPEN = 1;
  static readonly opened: FakeSocket[] = [];
  readonly protocols: string[];
  readonly sent: Record<string, unknown>[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(_url: URL, protocols: string[]) {
    this.protocols = protocols;
    FakeSocket.opened.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The server ends it. */
  end(): void {
    this.readyState = 3;
    this.onclose?.();
  }

  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

export type Answer = (path: string, body: Record<string, string>) => unknown;

/**
 * As much of a browser as a room of the page touches, with a clock that stands still until it is
 * moved.
 *
 * @param answer what the REST API answers
 * @returns what takes it all away again
 */
export function fakeBrowser(answer: Answer): () => void {
  jest.useFakeTimers();
  FakeSocket.opened.length = 0;
  const stored = new Map<string, string>();
  const faked = {
    WebSocket: FakeSocket,
    addEventListener: () => {},
    document: { addEventListener: () => {}, hidden: false },
    location: { href: 'http://chat.example/room/lobby' },
    localStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
    navigator: { locks: { request: (_: string, work: () => unknown) => work() } },
    fetch: async (path: string, { body = '{}' }: { body?: string } = {}) =>
      Response.json(answer(path, JSON.parse(body))),
  };
  const before = Object.keys(faked).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(faked)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return () => {
    jest.useRealTimers();
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  };
}
