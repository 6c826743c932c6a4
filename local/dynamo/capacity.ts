import { TABLE } from '../../lambdas/aws/table.ts';
import { type Item, type Stored, visitorIn } from './item.ts';

/** What DynamoDB would bill: 4 KB a read unit, half of one for a read that may lag. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / 4_096)) * (consistent ? 1 : 0.5);

/** 1 KB a write unit, of the larger of the two states; and what the index of visits takes. */
export const writeUnits = (before: Stored | undefined, after: Stored | undefined): number => {
  const bytes = Math.max(before?.bytes ?? 0, after?.bytes ?? 0);
  return Math.max(1, Math.ceil(bytes / 1_024)) + indexUnits(before?.item, after?.item);
};

/** Its entries are small: one unit to put one, one to take one out. */
function indexUnits(before: Item | undefined, after: Item | undefined): number {
  const was = indexed(before);
  const is = indexed(after);
  if (was === is) return 0;
  return (was === undefined ? 0 : 1) + (is === undefined ? 0 : 1);
}

const indexed = (item: Item | undefined): string | undefined => {
  const visitor = visitorIn(item);
  return visitor === undefined ? undefined : `${item?.[TABLE.visits.sortKey]} ${visitor}`;
};
