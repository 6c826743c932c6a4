import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import WebSocket, { WebSocketServer } from 'ws';

type Frame = Record<string, unknown>;

/** What becomes of what the chat says, on its way to the client. */
export interface Tampering {
  /** Of a handshake: the status with which it is refused. */
  handshake?: number;
  /** @returns undefined to swallow it */
  frame?(frame: Frame): Frame | undefined;
  /** Of a REST call, by its path: another answer, or undefined for the chat's own. */
  answer?(path: string, body: string): { status: number; body: string } | undefined;
}

/** Stands between a client and a chat, as a stage that is out of order. */
export async function tamperingProxy(target: string) {
  const http = createServer((request, response) => void passOn(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  const asked = { handshakes: 0, framesHeard: 0, framesSaid: 0, httpRequests: 0 };
  const proxy = { url: '', tampering: {} as Tampering, asked, close };

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    asked.httpRequests++;
    const { method = 'GET', url = '/', headers } = request;
    const { authorization = '', 'content-type': type = '' } = headers;
    const body = method === 'GET' ? undefined : await text(request);
    const answer = await fetch(target + url, {
      method,
      headers: { authorization, 'content-type': type },
      ...(body !== undefined && { body }),
    });
    const said = await answer.text();
    const { status, body: told } = proxy.tampering.answer?.(url, said) ?? {
      status: answer.status,
      body: said,
    };
    const code = answer.headers.get('x-error-code');
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(code !== null && { 'x-error-code': code }),
    });
    response.end(told);
  }

  http.on('upgrade', (request, socket, head) => {
    asked.handshakes++;
    const { handshake } = proxy.tampering;
    if (handshake !== undefined) {
      socket.end(`HTTP/1.1 ${handshake} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (near) => join(near, request));
  });

  function join(near: WebSocket, { url, headers }: IncomingMessage): void {
    const protocols = String(headers['sec-websocket-protocol'] ?? '').split(/, */);
    const far = new WebSocket(target.replace('http', 'ws') + url, protocols, {
      ...(headers.origin !== undefined && { headers: { origin: headers.origin } }),
    });
    const opened = once(far, 'open');
    near.on('message', (data) => {
      asked.framesSaid++;
      void opened.then(() => far.send(String(data)));
    });
    far.on('message', (data) => {
      asked.framesHeard++;
      const frame: Frame = JSON.parse(String(data));
      const told = proxy.tampering.frame ? proxy.tampering.frame(frame) : frame;
      if (told) near.send(JSON.stringify(told));
    });
    near.on('close', () => far.close());
    far.on('close', () => near.terminate());
    opened.catch(() => near.terminate());
    far.on('error', () => near.terminate());
  }

  async function close(): Promise<void> {
    for (const client of sockets.clients) client.terminate();
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  }

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  proxy.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return proxy;
}
