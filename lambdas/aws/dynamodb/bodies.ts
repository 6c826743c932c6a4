import { type AttributeValue, fromAttributes, toAttributes } from './attribute-values.ts';

/** Which members of a request or an answer hold attributes by their names. */
const ONE = [
  ...['Key', 'Item', 'Attributes', 'ExpressionAttributeValues'],
  ...['ExclusiveStartKey', 'LastEvaluatedKey'],
];
const MANY = 'Items';
/** Of a batch: by the tables' names, the keys that are asked for or left over, or the items. */
const KEYS_BY_TABLE = ['RequestItems', 'UnprocessedKeys'];
const ITEMS_BY_TABLE = 'Responses';

type Members = Readonly<Record<string, unknown>>;
type Change = (item: unknown) => unknown;

/** A request or an answer as it goes over the wire. @throws as toAttributes does */
export const toBody = (members: object): Members =>
  changed(members as Members, (item) => toAttributes(item as object));

/** The same, come over the wire. @throws as fromAttributes does */
export const fromBody = (members: Members): Members =>
  changed(members, (item) => fromAttributes(item as Record<string, AttributeValue>));

function changed(members: Members, change: Change): Members {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null) continue;
    copy[name] = changedMember(name, value, change);
  }
  return copy;
}

function changedMember(name: string, value: unknown, change: Change): unknown {
  if (ONE.includes(name)) return change(value);
  if (name === MANY) return each(value, change);
  if (name === ITEMS_BY_TABLE) return byTable(value, (items) => each(items, change));
  if (!KEYS_BY_TABLE.includes(name)) return value;
  return byTable(value, (asked) => {
    if (!isMembers(asked)) return asked;
    return { ...withoutAbsent(asked), ...('Keys' in asked && { Keys: each(asked.Keys, change) }) };
  });
}

const each = (items: unknown, change: Change): unknown =>
  Array.isArray(items) ? items.map(change) : items;

const byTable = (tables: unknown, change: Change): unknown =>
  isMembers(tables)
    ? Object.fromEntries(Object.entries(tables).map(([name, of]) => [name, change(of)]))
    : tables;

const withoutAbsent = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value != null));

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
