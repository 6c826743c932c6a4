import { connect, type Socket } from 'node:net';

/** A client that sends an upgrade request, with more behind it in the same write. */
export function rawUpgrade(url: string, more: Uint8Array = Buffer.alloc(0)): Socket {
  const tcp = connect(Number(new URL(url).port), '127.0.0.1');
  const request = [
    'GET / HTTP/1.1',
    'Host: x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
  tcp.write(Buffer.concat([Buffer.from(request), more]));
  tcp.on('error', () => {});
  return tcp.resume();
}

/** The status of an answer to a request with any headers; fetch() would not send some. */
export function rawStatus(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const tcp = connect(Number(new URL(url).port), '127.0.0.1');
    const lines = Object.entries({ host: 'x', ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    tcp.write(['GET / HTTP/1.1', ...lines, '', ''].join('\r\n'));
    tcp.once('data', (data) => {
      tcp.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1]) });
    });
    tcp.once('error', reject);
  });
}
