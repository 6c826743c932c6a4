import { fixed } from './measure.ts';
import { meterSends } from './quiet-room/metered-send.ts';
import { MOST_IN_ONE_ITEM, roomInOneItem, scanOfAll } from './quiet-room/sample-designs.ts';
import type { Report, Scenario } from './report.ts';

const MEMBERS = 10;
const APPS = [10, 1_000, 10_000] as const;

export const quietRoom: Scenario = {
  name: 'quiet-room',
  title: `Quiet room: one message among ${MEMBERS} members`,
  async run(): Promise<Report> {
    const ours = await meterSends(MEMBERS);
    const item = roomInOneItem(MEMBERS);
    const scan = scanOfAll(10_000);
    return {
      method: `Messages go through the real handler of send-message, on the embedded engine, which says what each call takes (ReturnConsumedCapacity). AWS's samples are models: a Scan of all connections of the app and a Put, or a Get of the room's one item and a Put. They keep no order, no membership, no idempotency, and answer nothing; the calls that Parlor makes more are for these.`,
      findings: [
        {
          what: 'write units for a message',
          measured: `${ours.writeUnits}`,
          baseline: `samples ${item.writeUnits}`,
          target: 'at most 4',
          met: ours.writeUnits <= 4,
        },
        {
          what: 'sequential calls before the first post',
          measured: `${ours.callsBeforePost}`,
          baseline: `samples ${item.calls}`,
          target: 'at most 4',
          met: ours.callsBeforePost <= 4,
        },
        {
          what: 'read units for a message',
          measured: `${ours.readUnits}`,
          baseline: `Scan among 10,000 connections ${scan.readUnits}`,
          target: 'independent of the size of the app',
          met: ours.readUnits <= 3,
        },
      ],
      tables: [
        {
          title: 'For one message',
          header: [
            'design',
            'connections of the app',
            'calls',
            'write units',
            'read units',
            'posts',
          ],
          rows: [
            [
              'Parlor, metered',
              'any',
              fixed(ours.calls),
              fixed(ours.writeUnits),
              fixed(ours.readUnits),
              fixed(ours.posts),
            ],
            ...APPS.map((app) => {
              const { calls, writeUnits, readUnits } = scanOfAll(app);
              return ['Scan of all (model)', app, calls, writeUnits, readUnits, app];
            }),
            ...APPS.map((app) => [
              'room in one item (model)',
              app,
              item.calls,
              item.writeUnits,
              item.readUnits,
              MEMBERS,
            ]),
          ],
        },
        {
          title: 'The calls of one message',
          header: ['nth', 'command'],
          rows: ours.commands.map((command, n) => [n + 1, command]),
        },
      ],
      charts: [
        {
          name: 'read-units',
          title: 'Read units for one message, by connections of the app',
          kind: 'bars',
          unit: 'units',
          labels: APPS.map((app) => `${app}`),
          series: [
            { name: 'Parlor', values: APPS.map(() => ours.readUnits) },
            { name: 'Scan of all', values: APPS.map((app) => scanOfAll(app).readUnits) },
            { name: 'one item', values: APPS.map(() => item.readUnits) },
          ],
        },
      ],
      notes: [
        `The Scan posts to every connection of the app, whatever its room. The one item holds some ${MOST_IN_ONE_ITEM} connections, and at 5,000 joining writes ${roomInOneItem(5_000).writeUnitsToJoin} units.`,
        'Parlor’s four: the connection counted and identified, the message put, the lease taken, the lease given up.',
      ],
    };
  },
};
