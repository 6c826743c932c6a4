import type { Load } from '../../bench/scale/load.ts';
import { predict } from '../../bench/scale/model.ts';
import { ablyOffer, appSyncOffer } from '../../bench/scale/others.ts';
import { quotasOf } from '../../bench/scale/quotas.ts';

/** What a month costs here and elsewhere, in US dollars. */
export function compare(load: Load): Record<'Parlor' | 'Ably' | 'AppSync Events', number> {
  const { usage, total } = predict(load);
  return {
    Parlor: total,
    Ably: ablyOffer(load, usage).usd,
    'AppSync Events': appSyncOffer(load, usage).usd,
  };
}

/** With how many users, as busy as these, each quota is used up. */
export function bindingUsers(load: Load): Map<string, number> {
  const quotas = quotasOf(load, predict(load));
  return new Map(quotas.map(({ name, needed, limit }) => [name, (load.users * limit) / needed]));
}
