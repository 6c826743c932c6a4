import WebSocket from 'ws';

const LONGEST_MS = 30_000;

export interface DialOptions {
  /** Sent as soon as the socket is open. */
  greeting?: string;
  onText(text: string, socket: WebSocket): void;
  /** Whether a text says that its sender is in the room now; without it, the handshake does. */
  admits?(text: string): boolean;
}

/** Opens a WebSocket, alike for all peers: nothing is compressed. @throws Error when refused */
export function dial(address: string, options: DialOptions): Promise<WebSocket> {
  const { greeting, onText, admits } = options;
  const socket = new WebSocket(address, { perMessageDeflate: false });
  if (greeting !== undefined) socket.once('open', () => socket.send(greeting));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error(`no connection within ${LONGEST_MS / 1_000} s`));
    }, LONGEST_MS);
    const admit = () => {
      clearTimeout(timer);
      resolve(socket);
    };
    let admitted = admits === undefined;
    if (admitted) socket.once('open', admit);
    socket.on('message', (data) => {
      const text = data.toString();
      if (!admitted && admits?.(text)) {
        admitted = true;
        admit();
      }
      onText(text, socket);
    });
    // Of a connection that was open it means a message that doesn't come, which is counted.
    socket.on('error', (error) => reject(error));
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
  });
}
