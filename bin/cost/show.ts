import type { BillLine } from '../../bench/scale/bill.ts';
import { type Load, loadOf } from '../../bench/scale/load.ts';
import { type Prediction, predict } from '../../bench/scale/model.ts';
import { type Offer, offersOf } from '../../bench/scale/others.ts';
import { PRICE_LIST, SOURCES } from '../../bench/scale/prices.ts';
import { quotasOf, secondsUntilBack } from '../../bench/scale/quotas.ts';

const BAR = 24;

/** The month as text: what for, the bill with a bar for each line, the others, and the quotas. */
export function showCost(load: Load): string {
  const prediction = predict(load);
  return [
    showLoad(load),
    showBill(prediction),
    showOffers(load, prediction),
    showQuotas(load, prediction),
  ].join('\n\n');
}

function showLoad(load: Load): string {
  const { users, roomSize, messagesPerUserAndDay, hoursPerDay, contentBytes, monthsKept } =
    loadOf(load);
  return [
    `${count(users)} people, ${count(users / roomSize)} rooms of ${count(roomSize)}, each ${count(hoursPerDay)} h and ${count(messagesPerUserAndDay)} messages a day`,
    `of ${count(contentBytes)} bytes; ${count(monthsKept)} months of messages kept. US dollars a month, us-east-1, no free tiers.`,
  ].join('\n');
}

function showBill({ bill, total }: Prediction): string {
  const largest = Math.max(...bill.map(({ usd }) => usd));
  const rows = bill.map((line) => [
    line.item,
    unitsOf(line),
    dollars(line.usd),
    bar(line.usd, largest),
  ]);
  return table([...rows, ['together', '', dollars(total), '']]);
}

function showOffers(load: Load, { usage, total }: Prediction): string {
  const ours: Offer = { name: 'Parlor', usd: total, says: '' };
  const offers = [ours, ...offersOf(load, usage)];
  const largest = Math.max(...offers.map(({ usd }) => usd));
  const rows = offers.map(({ name, usd }) => [name, '', dollars(usd), bar(usd, largest)]);
  const notes = offers.filter(({ says }) => says).map(({ name, says }) => `${name}: ${says}.`);
  return [table(rows), ...notes].join('\n');
}

function showQuotas(load: Load, prediction: Prediction): string {
  const rows = quotasOf(load, prediction).map(({ name, needed, limit, unit }) => [
    name,
    `${count(needed)} of ${count(limit)} ${unit}`,
    `${Math.round((100 * needed) / limit)} %`,
    needed > limit ? 'raise it first' : '',
  ]);
  return [
    'In the busiest hour, of the quotas as AWS and this stage set them:',
    table(rows),
    showStorm(load),
  ].join('\n');
}

function showStorm({ users }: Load): string {
  const seconds = Math.max(...secondsUntilBack(users).map((each) => each.seconds));
  return `Cut off all at once, ${count(users)} people are let in again within ${count(Math.ceil(seconds))} s.`;
}

/** Every price with its source, its date, and where the number was seen. */
export function showPrices(): string {
  const seen = {
    vendor: "the vendor's page",
    others: "other people's pages",
  };
  const rows = Object.entries(PRICE_LIST).map(([name, { tiers, unit, source, date, seen: by }]) => [
    name,
    `$${tiers.map(([, usd]) => plain(usd)).join(', then $')} per ${unit}`,
    `${SOURCES[source]} ${date}, ${seen[by]}`,
  ]);
  return table(rows);
}

/** Numbers to the right, the rest to the left. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return /^[$\d].*[\d%]$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const unitsOf = ({ price, units }: BillLine) => {
  const { unit } = PRICE_LIST[price];
  return `${count(units)} ${units === 1 || unit.startsWith('million') || unit === 'GB' ? unit : plural(unit)}`;
};

const plural = (unit: string) => (unit.includes(' of ') ? unit.replace(' of', 's of') : `${unit}s`);

const bar = (value: number, largest: number) =>
  '█'.repeat(Math.round((BAR * value) / Math.max(largest, 1e-9))) || (value > 0 ? '▏' : '');

const dollars = (usd: number) =>
  `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

const plain = (usd: number) => usd.toLocaleString('en', { maximumFractionDigits: 10 });

const count = (value: number) =>
  value.toLocaleString(
    'en',
    value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 },
  );
