import { dial } from './dial.ts';
import type { Wire } from './wire.ts';

/** Whoever is connected is in the one room that there is. */
export const samplesWire: Wire = async ({ url, room, onContent }) => {
  const socket = await dial(`${url.replace('http', 'ws')}/ws/chat/${room}/`, {
    onText(text) {
      const frame = JSON.parse(text) as { content?: string };
      // A handler that failed is told to the sender, without a content.
      if (frame.content !== undefined) onContent(frame.content);
    },
  });
  return {
    send: (content) => socket.send(JSON.stringify({ action: 'sendmessage', data: content })),
    close: () => socket.terminate(),
  };
};
