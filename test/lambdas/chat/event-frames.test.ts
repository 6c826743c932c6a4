import { expect, test } from '@jest/globals';
import { eventFrames } from '../../../lambdas/chat/event-frames.ts';
import { anEvent } from '../../fakes/samples.ts';

const event = anEvent({
  seq: 7,
  content: 'a "quoted" <b>',
  at: Date.UTC(2026, 10, 22, 10, 54, 1, 947),
});

test('the old clients get exactly the fields they know', () => {
  expect(JSON.parse(eventFrames(event).legacy)).toEqual({
    type: 'chat_message',
    sender: 'Alice',
    content: 'a "quoted" <b>',
    timestamp: '2026-11-22T10:54:01.947000+00:00',
    room: 'lobby',
  });
});

test('v1 clients get the place in the log beside them, and no account id', () => {
  expect(JSON.parse(eventFrames(event).v1)).toEqual({
    ...JSON.parse(eventFrames(event).legacy),
    seq: 7,
    id: 'event-7',
    clientId: 'client-7',
  });
});
