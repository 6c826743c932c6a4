import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket, { WebSocketServer } from 'ws';
import { SeededRandom } from '../sim/seeded-random.ts';

/** How likely each fault is: per frame, per handshake or per REST call. */
export interface Faults {
  cut: number;
  delay: number;
  duplicate: number;
  swallow: number;
  refuse: number;
}

/** What was done to whom, so that a test can tell that its faults happened. */
export type Tally = Record<keyof Faults, number>;

export interface ChaosProxy {
  url: string;
  /** Set to 0 each to let everything through. */
  faults: Faults;
  tally: Tally;
  close(): Promise<void>;
}

const LONGEST_DELAY_MS = 150;

/**
 * Stands between clients and a chat, and cuts sockets, delays, doubles and swallows frames, and
 * refuses handshakes and REST calls, by a seeded random.
 */
export async function chaosProxy(
  target: string,
  seed: number,
  faults: Faults,
): Promise<ChaosProxy> {
  const random = new SeededRandom(seed);
  const tally: Tally = { cut: 0, delay: 0, duplicate: 0, swallow: 0, refuse: 0 };
  const strikes = (fault: keyof Faults) => {
    if (!random.chance(proxy.faults[fault])) return false;
    tally[fault]++;
    return true;
  };
  const pause = () => sleep(random.between(1, LONGEST_DELAY_MS));

  const http = createServer((request, response) => {
    if (strikes('refuse')) response.destroy();
    else void passOn(target, request, response, strikes('delay') ? pause() : undefined);
  });
  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (strikes('refuse')) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (near) => join(near, request));
  });

  /** Frames of one direction stay in order, also when one is delayed: TCP would see to that. */
  function relay(from: WebSocket, to: WebSocket): void {
    let last: Promise<unknown> = Promise.resolve();
    from.on('message', (data) => {
      const text = String(data);
      const wait = strikes('delay') ? pause() : undefined;
      last = last
        .then(() => wait)
        .then(() => {
          if (strikes('swallow')) return;
          if (strikes('cut')) {
            from.terminate();
            to.terminate();
          }
          if (to.readyState !== WebSocket.OPEN) return;
          to.send(text);
          if (strikes('duplicate')) to.send(text);
        });
    });
    from.on('close', () => to.terminate());
    // A socket that fails is closed next.
    from.on('error', () => {});
  }

  function join(near: WebSocket, { url, headers }: IncomingMessage): void {
    const protocols = String(headers['sec-websocket-protocol'] ?? '').split(/, */);
    const far = new WebSocket(target.replace('http', 'ws') + url, protocols);
    const early: string[] = [];
    const keep = (data: unknown) => early.push(String(data));
    near.on('message', keep);
    far.on('open', () => {
      near.off('message', keep);
      for (const text of early) far.send(text);
      relay(near, far);
      relay(far, near);
    });
    far.on('error', () => near.terminate());
  }

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const proxy: ChaosProxy = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    faults,
    tally,
    async close() {
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return proxy;
}

async function passOn(
  target: string,
  { method, url, headers: { authorization = '', 'content-type': type = '' } }: IncomingMessage,
  response: ServerResponse,
  wait: Promise<unknown> | undefined,
): Promise<void> {
  await wait;
  try {
    const answer = await fetch(target + url, {
      method: method ?? 'GET',
      headers: { authorization, 'content-type': type },
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(await answer.text());
  } catch {
    // The chat can't be reached: neither can it be through here.
    response.destroy();
  }
}
