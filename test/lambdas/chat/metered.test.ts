import { describe, expect, test } from '@jest/globals';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { meteredGateway, meteredLog } from '../../../lambdas/chat/metered.ts';
import { memoryTable } from '../../../local/database.ts';
import { fakeConnectionGateway } from '../../fakes/fake-connection-gateway.ts';
import { fakeMeter } from '../../fakes/fake-meter.ts';
import { anEvent } from '../../fakes/samples.ts';

describe('a metered log', () => {
  test('counts messages, also those that are put together, and slots that were lost', async () => {
    const meter = fakeMeter();
    const log = meteredLog(dynamoEventLog(memoryTable()), meter);
    const [first, second, third] = [1, 2, 3].map((seq) => anEvent({ seq, id: `e${seq}` }));
    if (!first || !second || !third) throw new Error('There are three.');
    expect(await log.put(first)).toBe('stored');
    expect(await log.put(second, third)).toBe('stored');
    expect(await log.put({ ...second, id: 'late' })).toBe('taken');
    expect(meter.counts).toEqual({ MessagesStored: 3, AppendConflicts: 1 });
    expect(await log.head(first.room)).toMatchObject({ seq: 3 });
  });

  test('counts nothing that failed', async () => {
    const meter = fakeMeter();
    const down = {
      ...dynamoEventLog(memoryTable()),
      put: () => Promise.reject(new Error('The log is down.')),
    };
    await expect(meteredLog(down, meter).put(anEvent({}))).rejects.toThrow('The log is down.');
    expect(meter.counts).toEqual({});
  });
});

describe('a metered gateway', () => {
  test.each([
    ['delivered', 'PostsDelivered'],
    ['gone', 'PostsGone'],
    ['slow', 'PostsSlow'],
    ['throttled', 'PostsThrottled'],
  ] as const)('counts a post that is %s', async (outcome, name) => {
    const meter = fakeMeter();
    const gateway = { ...fakeConnectionGateway(), post: async () => outcome };
    expect(await meteredGateway(gateway, meter).post('c1', '{}')).toBe(outcome);
    expect(meter.counts).toEqual({ [name]: 1 });
  });

  test('counts a post that failed, and passes the fault on', async () => {
    const meter = fakeMeter();
    const fault = new Error('The gateway answered 500.');
    const gateway = { ...fakeConnectionGateway(), post: () => Promise.reject(fault) };
    await expect(meteredGateway(gateway, meter).post('c1', '{}')).rejects.toBe(fault);
    expect(meter.counts).toEqual({ PostsFailed: 1 });
  });

  test('asks after connections and closes them as before', async () => {
    const calls: string[] = [];
    const gateway = {
      ...fakeConnectionGateway(),
      isOpen: async (id: string) => calls.push(`asked after ${id}`) > 0,
      close: async (id: string) => void calls.push(`closed ${id}`),
    };
    const metered = meteredGateway(gateway, fakeMeter());
    expect(await metered.isOpen('c1')).toBe(true);
    await metered.close('c2');
    expect(calls).toEqual(['asked after c1', 'closed c2']);
  });
});
