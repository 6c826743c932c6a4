import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { FRAME_BURST } from '../../../protocol/limits.ts';
import { START } from '../../fakes/fake-clock.ts';
import { mockedStores } from './dynamo-calls.ts';

const failed = () => new ConditionalCheckFailedException({ message: 'No.', $metadata: {} });
const item = { userId: 'alice', rooms: {}, expiresAt: START / 1_000 + 60 };

/** Has the first writes fail, and counts what a frame then takes. */
async function counted(failures: number, drainedAt: number, seen: object = {}) {
  const { connections, dynamo } = mockedStores();
  const writes = dynamo.on(UpdateCommand);
  for (let failure = 0; failure < failures; failure++) writes.rejectsOnce(failed());
  writes.resolves({ Attributes: item });
  dynamo.on(GetCommand).resolves({ Item: { ...item, drainedAt, ...seen } });
  const outcome = await connections.touch('c1', START);
  return {
    outcome: outcome === 'limited' ? outcome : 'counted',
    writes: dynamo.commandCalls(UpdateCommand).length,
    reads: dynamo.commandCalls(GetCommand).length,
  };
}

test('a frame costs one write, as long as they don’t come in a burst', async () => {
  expect(await counted(0, 0)).toEqual({ outcome: 'counted', writes: 1, reads: 0 });
});

test('a frame in a burst costs one that fails, and a read, before', async () => {
  expect(await counted(1, START + 500)).toEqual({ outcome: 'counted', writes: 2, reads: 1 });
});

test('a frame that is refused costs no second write', async () => {
  const full = START + FRAME_BURST * 100;
  expect(await counted(1, full)).toEqual({ outcome: 'limited', writes: 1, reads: 1 });
});

test('a frame that another one overtook is tried again, but not for ever', async () => {
  expect(await counted(2, START + 500)).toEqual({ outcome: 'counted', writes: 3, reads: 2 });
  expect(await counted(20, START + 500)).toEqual({ outcome: 'limited', writes: 7, reads: 6 });
});

test('one of twenty costs another three: a budget is drawn for all of them', async () => {
  expect(await counted(1, 0, { undrawn: 20 })).toEqual({ outcome: 'counted', writes: 3, reads: 1 });
});
