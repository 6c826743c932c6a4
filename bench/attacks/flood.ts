import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { LocalChat } from '../local-chat.ts';
import type { Attack } from './attack.ts';

const PINGS_PER_SECOND = 600;

interface Flood {
  sent: number;
  /** Error frames by their code. */
  errors: Map<string, number>;
  pongs: number;
  /** How often its sockets were closed for it. */
  closed: number;
}

export const flood: Attack = {
  name: `one socket sends ${PINGS_PER_SECOND} pings a second, and comes again whenever it is closed`,
  async run(chat, end) {
    const { sent, errors, pongs, closed } = await floodUntil(chat, end);
    const refused = errors.get('rate_limited') ?? 0;
    const failed = errors.get('internal') ?? 0;
    return {
      did: `${sent} pings sent, ${pongs} answered, ${refused} refused, ${failed} failed; ${closed} sockets closed`,
      wanted: 'its sockets closed, and none of its frames failed',
      met: closed > 0 && failed === 0,
    };
  },
};

async function floodUntil(chat: LocalChat, end: number): Promise<Flood> {
  const token = await chat.token('attacker');
  const flood: Flood = { sent: 0, errors: new Map(), pongs: 0, closed: 0 };
  let socket: WebSocket | undefined;
  const began = performance.now();
  while (performance.now() < end) {
    socket = socket?.readyState === WebSocket.OPEN ? socket : await dial(chat, token, flood);
    const due = ((performance.now() - began) * PINGS_PER_SECOND) / 1_000;
    for (; socket && flood.sent < due; flood.sent++) socket.send('{"action":"ping"}');
    await sleep(5);
  }
  socket?.terminate();
  return flood;
}

async function dial(chat: LocalChat, token: string, flood: Flood): Promise<WebSocket | undefined> {
  const address = `${chat.url.replace('http', 'ws')}/ws/chat/noise/`;
  const socket = new WebSocket(address, ['parlor.v1', token]);
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type?: string; code?: string };
    if (frame.type === 'pong') flood.pongs++;
    const code = frame.type === 'error' ? frame.code : undefined;
    if (code) flood.errors.set(code, (flood.errors.get(code) ?? 0) + 1);
  });
  socket.on('close', () => void flood.closed++);
  // 'close' follows, and counts it.
  socket.on('error', () => {});
  await Promise.race([once(socket, 'open'), once(socket, 'close')]);
  return socket.readyState === WebSocket.OPEN ? socket : undefined;
}
