import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { standingOf } from '../../../bench/scale/bill.ts';
import type { Load } from '../../../bench/scale/load.ts';
import { predict } from '../../../bench/scale/model.ts';
import { offersOf } from '../../../bench/scale/others.ts';
import { quotasOf, secondsUntilBack } from '../../../bench/scale/quotas.ts';
import { drawCost } from '../../../bin/cost/draw.ts';
import { readCostOptions } from '../../../bin/cost/options.ts';
import { showCost, showPrices } from '../../../bin/cost/show.ts';
import { runScript } from '../scripts.ts';

function load(...args: string[]) {
  const options = readCostOptions(args);
  if (options === 'help') throw new Error('No load was told.');
  return options.load;
}

const costOf = (...args: string[]) => predict(load(...args)).total;

describe('npm run cost', () => {
  test('prints the bill, the others, the quotas and the prices, and draws', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-cost-'));
    try {
      const svg = join(folder, 'cost.svg');
      const { code, out } = await runScript('cost.ts', ['--prices', '--svg', svg]);
      expect(code).toBe(0);
      expect(out).toContain(showCost(load()));
      expect(out).toContain(showPrices());
      expect(await readFile(svg, 'utf8')).toMatch(/^<svg .*Parlor.*AppSync Events/s);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each<[string[], RegExp]>([
    [['--users', 'many'], /--users many: give a whole number from 1 to/],
    [['--users', '0'], /--users 0/],
    [['--users', '1.5'], /--users 1.5: give a whole number/],
    [['--users', '10', '--rooms', '11'], /--rooms 11: give a whole number from 1 to 10/],
    [['--hours', '25'], /--hours 25: give a number from 0.1 to 24/],
    [['--waf', '--no-edge'], /--waf wants CloudFront/],
    [['--observability', 'some'], /--observability some: give basic or full/],
    [['--nonsense'], /Unknown option '--nonsense'/],
  ])('%j is refused', (args, problem) => {
    expect(() => readCostOptions(args)).toThrow(problem);
  });

  test('says what a room can’t carry, and what to do', async () => {
    const { code, out, err } = await runScript('cost.ts', ['--rooms', '1', '--rate', '9000']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^Error: A room of 1000 can't carry .* Give more rooms, or a lower rate\.$/m,
    );
  });

  test('takes grouped digits', () => {
    expect(load('--users', '10_000')).toMatchObject({ users: 10_000, roomSize: 50 });
    expect(load('--users', '10,000', '--rooms', '100')).toMatchObject({ roomSize: 100 });
  });

  test.each([
    ['--users', '1000', '2000'],
    ['--rate', '20', '40'],
    ['--hours', '4', '8'],
    ['--bytes', '100', '2000'],
    ['--months', '1', '24'],
    ['--rooms', '20', '10'],
    ['--issuer-token-minutes', '60', '5'],
  ])('%s %s costs less than %s', (option, less, more) => {
    expect(costOf(option, less)).toBeLessThan(costOf(option, more));
  });

  test('the web ACL costs, and CloudFront is left out where it is not', () => {
    expect(costOf('--waf')).toBeGreaterThan(costOf() + 9);
    const items = predict(load('--no-edge')).bill.map(({ item }) => item);
    expect(items.filter((item) => item.startsWith('CloudFront'))).toEqual([]);
    expect(items).toContain('Transfer');
  });
});

describe('people who come back all at once', () => {
  test('wait for the handshakes that AWS lets through, and not for a throttle of ours', () => {
    const [handshakes, ...ours] = secondsUntilBack(30_000);
    expect(handshakes).toEqual({ quota: 'API Gateway, new connections', seconds: 60 });
    for (const { seconds } of ours) expect(seconds).toBeLessThanOrEqual(60);
  });
});

describe('docs/cost.md', () => {
  const page = readFile(new URL('../../../docs/cost.md', import.meta.url), 'utf8');
  const two = (value: number) => Number(value.toPrecision(2)).toLocaleString('en');

  /** What a month costs here and elsewhere, in US dollars. */
  function compare(each: Load) {
    const { usage, total } = predict(each);
    return new Map([
      ['Parlor', total],
      ...offersOf(each, usage).map(({ name, usd }) => [name, usd] as const),
    ]);
  }

  test('shows what the script prints now', async () => {
    expect(await page).toContain(showCost(load()));
    expect(await page).toContain(showPrices());
  });

  test('has the picture that the script draws now', async () => {
    const picture = new URL('../../../docs/cost-by-users.svg', import.meta.url);
    expect(await readFile(picture, 'utf8')).toBe(drawCost(load()));
  });

  test('says where quotas bind', async () => {
    const quotas = quotasOf(load(), predict(load()));
    const binding = new Map(
      quotas.map(({ name, needed, limit }) => [name, (load().users * limit) / needed]),
    );
    for (const quota of [
      'API Gateway, requests',
      'API Gateway, new connections',
      'Lambda, at work at once',
      'DynamoDB, writes to the table',
      'the stage, frames and sockets',
      'the stage, REST requests',
    ]) {
      expect(await page).toContain(`${two(binding.get(quota) ?? 0)} users`);
    }
  });

  test('says what stands there, as the model does', async () => {
    const row = (name: string, ...args: string[]) => {
      const small = predict(load('--users', '100', ...args));
      const standing = standingOf(small.bill);
      const dollars = [standing, small.total].map((usd) => usd.toFixed(2));
      return `| ${[name, ...dollars].join(' | ')} |`;
    };
    for (const line of [
      row('`full`, the default'),
      row('`basic`', '--observability', 'basic'),
      row('`basic` without an edge', '--observability', 'basic', '--no-edge'),
      row('`full` with the canary', '--canary'),
      row('`full` with the web ACL', '--waf'),
    ]) {
      expect(await page).toContain(line);
    }
  });

  test('compares as the model does', async () => {
    const loads = [
      load('--users', '100000', '--rooms', '10000'),
      load('--users', '100000', '--rooms', '1000'),
      load('--users', '100000', '--rooms', '100'),
      load('--users', '100000', '--rooms', '10', '--room-rate', '5'),
    ].map(compare);
    expect(loads[0]?.size).toBe(4);
    for (const name of loads[0]?.keys() ?? []) {
      const row = [name, ...loads.map((costs) => two(costs.get(name) ?? 0))].join(' | ');
      expect(await page).toContain(`| ${row} |`);
    }
  });
});
