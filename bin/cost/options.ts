import { parseArgs } from 'node:util';
import type { Load } from '../../bench/scale/load.ts';

export const USAGE = `npm run cost -- [options]

Prints what a month costs on AWS, line by line, what Ably, AppSync Events and AWS IoT Core ask for
the same messages, and how near it comes to AWS's quotas. List prices of us-east-1 without free tiers.

  --users N                people who come, each on every day (1000)
  --rooms M                rooms; each person is in one at a time (one for every 50 users)
  --rate R                 messages that each person sends in a day (20)
  --hours H                how long each is connected in a day (4)
  --peak P                 how much busier the busiest hour is than the average (3)
  --bytes B                of a message's text (100)
  --months M               of messages that are kept (12)
  --room-rate R            no room says more than so many messages a second, on average: in a
                           large room most people listen (no such bound)
  --issuer-token-minutes M life of another issuer's tokens, which open sockets renew (built-in
                           accounts, which renew none)
  --no-edge                without CloudFront
  --waf                    with the web ACL
  --canary                 with the canary
  --observability LEVEL    basic or full, as for npm run deploy (full)
  --prices                 also print each price with its source, its date and where it was seen
  --svg FILE               also draw the month's cost against users, at rooms of this size
`;

export interface CostOptions {
  load: Load;
  prices: boolean;
  svg: string | undefined;
}

/** What `parseArgs` shall take for a number, with the bounds between which it makes sense. */
const NUMBERS = {
  users: { otherwise: 1_000, least: 1, most: 1e9, whole: true },
  rate: { otherwise: 20, least: 0, most: 100_000, whole: false },
  hours: { otherwise: 4, least: 0.1, most: 24, whole: false },
  peak: { otherwise: 3, least: 1, most: 100, whole: false },
  bytes: { otherwise: 100, least: 1, most: 8_000, whole: true },
  months: { otherwise: 12, least: 1, most: 1_200, whole: true },
  'issuer-token-minutes': { otherwise: Infinity, least: 1, most: 1_440, whole: false },
} as const;

const USERS_OF_A_ROOM = 50;

/** @throws Error that names the option and what it takes */
export function readCostOptions(args: readonly string[]): CostOptions | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: text,
      rooms: text,
      rate: text,
      hours: text,
      peak: text,
      bytes: text,
      months: text,
      'room-rate': text,
      'issuer-token-minutes': text,
      'no-edge': flag,
      waf: flag,
      canary: flag,
      observability: { type: 'string', default: 'full' },
      prices: flag,
      svg: text,
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help) return 'help';
  const read = (name: keyof typeof NUMBERS) => toNumber(name, values[name], NUMBERS[name]);
  const users = read('users');
  const rooms = toNumber('rooms', values.rooms, {
    otherwise: Math.max(1, Math.round(users / USERS_OF_A_ROOM)),
    least: 1,
    most: users,
    whole: true,
  });
  if (values.waf && values['no-edge']) {
    throw new Error('--waf wants CloudFront, which --no-edge leaves out.');
  }
  const roomRate = { otherwise: Infinity, least: 0, most: 1_000, whole: false };
  return {
    load: {
      users,
      roomSize: users / rooms,
      messagesPerUserAndDay: read('rate'),
      roomMessagesPerSecond: toNumber('room-rate', values['room-rate'], roomRate),
      hoursPerDay: read('hours'),
      peak: read('peak'),
      contentBytes: read('bytes'),
      monthsKept: read('months'),
      issuerTokenMinutes: read('issuer-token-minutes'),
      edge: !values['no-edge'],
      waf: values.waf,
      canary: values.canary,
      observability: readLevel(values.observability),
    },
    prices: values.prices,
    svg: values.svg,
  };
}

function readLevel(level: string): 'basic' | 'full' {
  if (level === 'basic' || level === 'full') return level;
  throw new Error(`--observability ${level}: give basic or full.`);
}

interface Bounds {
  otherwise: number;
  least: number;
  most: number;
  whole: boolean;
}

/** Digits may be grouped: 10_000 or 10,000. */
function toNumber(name: string, text: string | undefined, bounds: Bounds): number {
  if (text === undefined) return bounds.otherwise;
  const { least, most, whole } = bounds;
  const value = /^\d[\d_,]*(\.\d+)?$/.test(text) ? Number(text.replaceAll(/[_,]/g, '')) : NaN;
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new Error(
    `--${name} ${text}: give a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`,
  );
}
