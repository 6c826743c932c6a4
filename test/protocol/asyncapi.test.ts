import { describe, expect, test } from '@jest/globals';
import { asyncApiDocument } from '../../protocol/asyncapi.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { CLIENT_FRAMES, SERVER_FRAMES } from '../../protocol/frame-examples.ts';
import { ClientFrames, ServerFrames } from '../../protocol/frames.ts';
import { brokenReferences } from './references.ts';

const document = asyncApiDocument();
const types = { ...ClientFrames, ...ServerFrames };
const names = Object.keys(types) as (keyof typeof types)[];
const channelMessage = (name: string) => ({ $ref: `#/channels/room/messages/${name}` });

describe('the AsyncAPI document', () => {
  test('refers to nothing that it does not hold', () => {
    expect(brokenReferences(document)).toEqual([]);
  });

  test('holds every frame of both directions as a message of the channel', () => {
    expect(Object.keys(document.components.messages)).toEqual(names);
    expect(Object.keys(document.channels.room.messages)).toEqual(names);
  });

  test.each(names)('the examples of %s are what its schema asks for', (name) => {
    const examples = document.components.messages[name]?.examples ?? [];
    expect(examples).not.toEqual([]);
    for (const { payload } of examples) expect(types[name].parse(payload)).toEqual(payload);
  });

  test('the server receives every client frame and may answer it with an error', () => {
    for (const name of Object.keys(ClientFrames)) {
      const operation = document.operations[name];
      expect(operation).toMatchObject({ action: 'receive', messages: [channelMessage(name)] });
      expect(operation?.reply?.messages).toContainEqual(channelMessage('error'));
    }
  });

  test('every server frame comes unasked or answers something', () => {
    const replies = Object.values(CLIENT_FRAMES).flatMap(({ replies = [] }) => replies);
    const unasked = Object.entries(document.operations)
      .filter(([, { action }]) => action === 'send')
      .map(([name]) => name);
    expect(new Set([...replies, ...unasked])).toEqual(new Set(Object.keys(SERVER_FRAMES)));
  });

  test('packed events, and errors that nobody asked for, come unasked', () => {
    for (const name of ['events', 'error']) {
      expect(document.operations[name]).toMatchObject({
        action: 'send',
        messages: [channelMessage(name)],
      });
    }
  });

  test('all ways to bring a token or a ticket stand at every server', () => {
    const ways = ['query', 'ticket', 'subprotocol'];
    expect(Object.keys(document.components.securitySchemes)).toEqual(ways);
    for (const { security } of Object.values(document.servers)) expect(security).toHaveLength(3);
  });

  test('a refused handshake is told with the status of its code', () => {
    const refused = document.channels.room['x-refused-handshakes'];
    expect(refused).toContainEqual({ status: 401, code: 'token_not_valid' });
    expect(refused).toContainEqual({ status: 401, code: 'ticket_not_valid' });
    expect(refused).toContainEqual({ status: 403, code: 'removed_from_room' });
    // Of an outside issuer's token, whose keys were read a moment ago.
    expect(refused).toContainEqual({ status: 429, code: 'rate_limited' });
    for (const { status, code } of refused) expect(status).toBe(ERRORS[code].status);
  });

  test('every error code stands with the error frame', () => {
    for (const code of Object.keys(ERRORS)) {
      expect(document.components.messages.error?.description).toContain(`\`${code}\``);
    }
  });
});
