import { type Chart, short, toSvg } from '../../bench/chart.ts';
import type { Load } from '../../bench/scale/load.ts';
import { predict } from '../../bench/scale/model.ts';
import { ablyOffer, appSyncOffer } from '../../bench/scale/others.ts';

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
      {
        name: 'Ably',
        values: predictions.map(({ each, prediction }) => ablyOffer(each, prediction.usage).usd),
      },
      {
        name: 'AppSync Events',
        values: predictions.map(({ each, prediction }) => appSyncOffer(each, prediction.usage).usd),
      },
    ],
    logarithmic: true,
  };
  return toSvg(chart);
}
