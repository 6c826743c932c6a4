import { short } from './chart.ts';
import { fixed } from './measure.ts';
import { meterSends } from './quiet-room/metered-send.ts';
import type { Report, Scenario } from './report.ts';
import type { Load } from './scale/load.ts';
import { MEASURED, sendCost } from './scale/measured.ts';
import { mostMessages, predict } from './scale/model.ts';
import { LIMITS } from './scale/prices.ts';

const USERS = [1_000, 10_000, 100_000, 1_000_000];
const ROOMS = [10, 100, 1_000, 10_000, 100_000];
/** Rooms that are built on the local stack to check the model. */
export const CHECKED = [10, 100, 300] as const;
/** The share by which a prediction may be off. */
export const TOLERANCE = 0.1;

const loadFor = (users: number, roomSize: number): Load => ({
  users,
  roomSize,
  messagesPerUserAndDay: 20,
  roomMessagesPerSecond: 1,
  hoursPerDay: 4,
  peak: 3,
});

export const scale: Scenario = {
  name: 'scale',
  title: 'Scale: what a month costs, and how long a message takes (a model)',
  async run(): Promise<Report> {
    const checks: Awaited<ReturnType<typeof checkAgainstStack>>[] = [];
    for (const members of CHECKED) checks.push(await checkAgainstStack(members));
    const worst = Math.max(...checks.map(({ off }) => off));
    const predictions = USERS.flatMap((users) =>
      ROOMS.filter((room) => room <= users).map((room) => ({
        users,
        room,
        load: loadFor(users, room),
      })),
    ).map((entry) => ({ ...entry, prediction: predict(entry.load) }));
    const at = (users: number, room: number) =>
      predictions.find((entry) => entry.users === users && entry.room === room)?.prediction;
    return {
      method: `Every user is connected 4 h a day, sends 20 messages a day, and is in one room of the given size; the busiest hour has three times the average. No room says more than one message a second on average, for in a large room most people listen. Prices and quotas stand in bench/scale/prices.ts with their date; sizes and times in bench/scale/measured.ts: ${MEASURED.postCpuMs} ms of CPU for a post, ${MEASURED.sendCpuMs} ms for the rest of a send, ${MEASURED.dynamoMs} ms for a call of DynamoDB, ${MEASURED.postMs} ms for a post's answer. A room posts at most 5,000 times a second, and what is said during a round goes out together in the next. What one message takes of DynamoDB is checked against the real handler on the local database.`,
      findings: [
        {
          what: 'the model against the metered calls of the local stack, largest difference',
          measured: `${fixed(100 * worst)} %`,
          baseline: `rooms of ${CHECKED.join(', ')}, metered`,
          target: 'within 10 %',
          met: worst <= TOLERANCE,
        },
      ],
      tables: [
        {
          title: 'A month, and its busiest hour',
          header: [
            'users',
            'room',
            'US$ a month',
            'US$ a user',
            'p50 ms',
            'last member ms',
            'requests/s',
            'quotas of 10,000',
            'msg/s a room can carry',
          ],
          rows: predictions.map(({ users, room, prediction }) => [
            short(users),
            short(room),
            Math.round(prediction.total),
            fixed(prediction.total / users, 3),
            Math.round(prediction.p50),
            Math.round(prediction.last),
            Math.round(prediction.requests),
            Math.ceil(prediction.requests / LIMITS.requestsPerSecond),
            short(Math.min(1_000, mostMessages({ roomSize: room }))),
          ]),
        },
        {
          title: 'What 10,000 users in rooms of 100 pay for',
          header: ['item', 'US$ a month'],
          rows: (at(10_000, 100)?.bill ?? []).map(({ item, usd }) => [item, fixed(usd, 2)]),
        },
        {
          title: 'The model checked: one message',
          header: [
            'members',
            'write units',
            'metered',
            'read units',
            'metered',
            'posts',
            'metered',
          ],
          rows: checks.map(({ members, predicted, metered }) => [
            members,
            predicted.writeUnits,
            metered.writeUnits,
            predicted.readUnits,
            metered.readUnits,
            predicted.posts,
            metered.posts,
          ]),
        },
      ],
      charts: [
        {
          name: 'cost',
          title: 'US$ a month for each user, by the size of rooms',
          kind: 'lines',
          unit: 'US$, by members of a room',
          labels: ROOMS.map(short),
          series: USERS.slice(1).map((users) => ({
            name: `${short(users)} users`,
            values: ROOMS.map((room) => (at(users, room)?.total ?? Number.NaN) / users),
          })),
          logarithmic: true,
        },
        {
          name: 'latency',
          title: 'From send to receipt in the busiest hour',
          kind: 'lines',
          unit: 'milliseconds, by members of a room, 1M users',
          labels: ROOMS.map(short),
          series: [
            { name: 'median member', values: ROOMS.map((room) => at(1_000_000, room)?.p50 ?? 0) },
            { name: 'last member', values: ROOMS.map((room) => at(1_000_000, room)?.last ?? 0) },
          ],
          logarithmic: true,
        },
      ],
      notes: [
        'What a room can carry is bounded by its 5,000 posts a second, each of as many messages as a frame holds, and by group append at 1,000.',
        'No free tier, no tax, no support plan, one region; retries, cold starts, typing and presence are left out. A month of messages is kept; npm run cost can count more.',
        'Where requests a second pass 10,000 the quota has to be raised, once for each further 10,000: the model takes that for granted.',
        'Posts are what a large chat pays for. In a busy room they grow with time and members, and no longer with messages.',
      ],
    };
  },
};

/** How far the model is off for one message in a room of a size: the largest share of the three. */
export async function checkAgainstStack(members: number) {
  const metered = await meterSends(members);
  const predicted = sendCost(members);
  const keys = ['writeUnits', 'readUnits', 'posts'] as const;
  const off = Math.max(
    ...keys.map((key) => Math.abs(predicted[key] - metered[key]) / metered[key]),
  );
  return { members, predicted, metered, off };
}
