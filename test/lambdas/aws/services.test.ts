import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { roomServices } from '../../../lambdas/aws/services.ts';
import { silentMeter } from '../../../lambdas/chat/ports/meter.ts';
import { fakeConnectionGateway } from '../../fakes/fake-connection-gateway.ts';
import { fakeRelay } from '../../fakes/fake-relay.ts';
import { anEvent } from '../../fakes/samples.ts';
import { mockedStores } from './dynamo-calls.ts';

test.each([
  [undefined, undefined],
  [30, 30 * 86_400],
])('with %p days of history an event expires after %p seconds', async (days, seconds) => {
  const { table, dynamo } = mockedStores();
  const relay = fakeRelay({ resume: () => never(), postShard: () => never() });
  const settings = { roomPostsPerSecond: 1, historyRetentionDays: days };
  const { log } = roomServices(table, fakeConnectionGateway(), relay, settings, {
    meter: silentMeter,
  });
  await log.put(anEvent({ at: 7_000 }));
  const [put] = dynamo.commandCalls(PutCommand);
  expect(put?.args[0].input.Item?.expiresAt).toBe(seconds && 7 + seconds);
});

const never = () => Promise.reject(new Error('Nothing is handed on here.'));
