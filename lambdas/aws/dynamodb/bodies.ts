import { type AttributeValue, fromAttributes, toAttributes } from './attribute-values.ts';

/** Which members of a request or an answer hold attributes by their names. */
const ONE = [
  ...['Key', 'Item', 'Attributes', 'ExpressionAttributeValues'],
  ...['ExclusiveStartKey', 'LastEvaluatedKey'],
];
const MANY = 'Items';

type Members = Readonly<Record<string, unknown>>;

/** A request or an answer as it goes over the wire. @throws as toAttributes does */
export const toBody = (members: object): Members =>
  changed(members as Members, (item) => toAttributes(item as object));

/** The same, come over the wire. @throws as fromAttributes does */
export const fromBody = (members: Members): Members =>
  changed(members, (item) => fromAttributes(item as Record<string, AttributeValue>));

function changed(members: Members, change: (item: unknown) => unknown): Members {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null) continue;
    if (ONE.includes(name)) copy[name] = change(value);
    else if (name === MANY && Array.isArray(value)) copy[name] = value.map(change);
    else copy[name] = value;
  }
  return copy;
}
