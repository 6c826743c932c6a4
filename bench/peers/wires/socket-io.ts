import { dial } from './dial.ts';
import type { Wire } from './wire.ts';

/** Engine.IO 4 and Socket.IO 5, as far as a chat needs them: a digit or two, then JSON. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';

export const socketIoWire: Wire = async ({ url, token, room, onContent }) => {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = await dial(address, {
    admits: (text) => text.startsWith(CONNECT),
    onText(text, socket) {
      if (text.startsWith(EVENT)) {
        const [, message] = JSON.parse(text.slice(EVENT.length)) as [string, { content: string }];
        onContent(message.content);
      } else if (text === PING) socket.send(PONG);
      else if (text.startsWith(OPEN)) {
        socket.send(`${CONNECT}${JSON.stringify({ token, room })}`);
      }
    },
  });
  return {
    send: (content) => socket.send(`${EVENT}${JSON.stringify(['message', content])}`),
    close: () => socket.terminate(),
  };
};
