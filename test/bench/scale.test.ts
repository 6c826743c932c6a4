import { describe, expect, test } from '@jest/globals';
import { predict } from '../../bench/scale/model.ts';
import { CHECKED, checkAgainstStack, TOLERANCE } from '../../bench/scale.ts';

describe('the model of cost and latency', () => {
  test.each(CHECKED)('predicts what a message costs in a room of %i', async (members) => {
    const { off } = await checkAgainstStack(members);
    expect(off).toBeLessThanOrEqual(TOLERANCE);
  });

  test('asks for more money for more users, and for larger rooms', () => {
    const load = { messagesPerUserAndDay: 20, hoursPerDay: 4, peak: 3, roomMessagesPerSecond: 1 };
    const cost = (users: number, roomSize: number) => predict({ ...load, users, roomSize }).total;
    // Not ten times as much: some things cost the same for however many.
    expect(cost(10_000, 100)).toBeGreaterThan(8 * cost(1_000, 100));
    expect(cost(10_000, 1_000)).toBeGreaterThan(cost(10_000, 100));
  });

  test('lets posts grow with time and members, not with messages, once a room is busy', () => {
    const load = {
      users: 10_000,
      roomSize: 10_000,
      hoursPerDay: 4,
      peak: 1,
      roomMessagesPerSecond: 50,
    };
    const busy = predict({ ...load, messagesPerUserAndDay: 20 });
    const busier = predict({ ...load, messagesPerUserAndDay: 40 });
    expect(busier.roomMessages).toBe(2 * busy.roomMessages);
    expect(busier.rounds).toBe(busy.rounds);
    expect(busier.requests).toBeLessThan(1.02 * busy.requests);
  });

  test('refuses to predict a room that says more than it can carry', () => {
    const load = { users: 100_000, roomSize: 100_000, hoursPerDay: 4, peak: 1 };
    const loud = { ...load, messagesPerUserAndDay: 20, roomMessagesPerSecond: 100 };
    expect(() => predict(loud)).toThrow("can't carry");
  });
});
