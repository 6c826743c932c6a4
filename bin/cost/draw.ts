import { type Chart, short, toSvg } from '../../bench/chart.ts';
import type { Load } from '../../bench/scale/load.ts';
import { predict } from '../../bench/scale/model.ts';
import { offersOf } from '../../bench/scale/others.ts';
import type { Usage } from '../../bench/scale/usage.ts';

const USERS = [100, 1_000, 10_000, 100_000, 1_000_000];

/** A picture of what a month costs against users, where rooms stay as large as they are. */
export function drawCost(load: Load): string {
  const loads = USERS.filter((users) => users >= load.roomSize).map((users) => ({
    ...load,
    users,
  }));
  const predictions = loads.map((each) => ({ each, prediction: predict(each) }));
  const chart: Chart = {
    name: 'cost',
    title: `A month, by users, in rooms of ${short(load.roomSize)}`,
    kind: 'lines',
    unit: 'US$ a month at list prices',
    labels: loads.map(({ users }) => short(users)),
    series: [
      { name: 'Parlor', values: predictions.map(({ prediction }) => prediction.total) },
      ...['Ably', 'AppSync Events', 'AWS IoT Core'].map((name) => ({
        name,
        values: predictions.map(({ each, prediction }) => usdOf(name, each, prediction.usage)),
      })),
    ],
    logarithmic: true,
  };
  return toSvg(chart);
}

const usdOf = (name: string, load: Load, usage: Usage): number =>
  offersOf(load, usage).find((offer) => offer.name === name)?.usd ?? Number.NaN;
