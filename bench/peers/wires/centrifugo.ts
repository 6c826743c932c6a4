import { dial } from './dial.ts';
import type { Wire } from './wire.ts';

const SUBSCRIBED = 2;

interface Reply {
  id?: number;
  error?: { message: string };
  push?: { pub?: { data: { content: string } } };
}

/** Several commands or replies come in one frame, a line each. An empty one is a ping, or its pong. */
const linesOf = (text: string): Reply[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

export const centrifugoWire: Wire = async ({ url, token, room, onContent, onRefused }) => {
  const channel = `chat:${room}`;
  let id = SUBSCRIBED;
  const socket = await dial(`${url.replace('http', 'ws')}/connection/websocket`, {
    admits: (text) => linesOf(text).some((reply) => reply.id === SUBSCRIBED && !reply.error),
    onText(text, socket) {
      for (const { id, error, push } of linesOf(text)) {
        if (push?.pub) onContent(push.pub.data.content);
        else if (error && id !== undefined && id > SUBSCRIBED) onRefused();
        else if (error) socket.terminate();
        else if (id === undefined && !push) socket.send('{}');
      }
    },
    greeting: [
      { id: 1, connect: { token } },
      { id: SUBSCRIBED, subscribe: { channel } },
    ]
      .map((command) => JSON.stringify(command))
      .join('\n'),
  });
  return {
    send: (content) =>
      socket.send(JSON.stringify({ id: ++id, publish: { channel, data: { content } } })),
    close: () => socket.terminate(),
  };
};
