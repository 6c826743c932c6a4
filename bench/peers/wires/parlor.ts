import { randomUUID } from 'node:crypto';
import { Member } from '../../member.ts';
import type { Wire } from './wire.ts';

/** A parlor.v1 client, as the SDK's is: it tells with each message how far it has the room. */
export const parlorWire: Wire = async ({ url, token, room, onContent, onRefused }) => {
  const member = new Member({ url, token: async () => token }, 'anyone', room);
  member.onEvent = ({ content }) => onContent(content);
  member.onRefused = onRefused;
  await member.connect();
  return {
    send: (content) => member.send(content, randomUUID()),
    close: () => member.socket?.terminate(),
  };
};
