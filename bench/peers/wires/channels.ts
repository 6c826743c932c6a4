import { dial } from './dial.ts';
import type { Wire } from './wire.ts';

/** The clients of the chat that Parlor replaces. */
export const channelsWire: Wire = async ({ url, token, room, onContent }) => {
  const address = `${url.replace('http', 'ws')}/ws/chat/${room}/?token=${token}`;
  const socket = await dial(address, {
    onText(text) {
      const frame = JSON.parse(text) as { type: string; content: string };
      if (frame.type === 'chat_message') onContent(frame.content);
    },
  });
  return {
    send: (message) => socket.send(JSON.stringify({ message })),
    close: () => socket.terminate(),
  };
};
