import { readUnits } from './capacity.ts';
import { invalid } from './errors.ts';
import { meaningsOf } from './expressions/of-request.ts';
import { type Item, type Key, keyOf, type Stored } from './item.ts';
import { type Input, type Output, refuseOtherTable } from './requests.ts';

/** DynamoDB takes no more keys at once. */
const KEYS = 100;
/** Where an answer ends, of items as they are stored; the keys that are left are told. */
const ANSWER_BYTES = 16 * 1024 * 1024;

const KNOWN = [
  ...['Keys', 'ConsistentRead'],
  ...['ProjectionExpression', 'ExpressionAttributeNames'],
];

type Read = (consistent: boolean, key: Key) => Stored | undefined;

/**
 * Many items of the one table by their keys, and the units that they take. Items come in no promised
 * order, and those that are not there are left out.
 *
 * @throws ValidationException, ResourceNotFoundException
 */
export function batchGet(
  read: Read,
  { RequestItems }: Input<'BatchGetItem'>,
  table: string,
): [Output<'BatchGetItem'>, number] {
  for (const name of Object.keys(RequestItems ?? {})) refuseOtherTable(name, table);
  const asked = RequestItems?.[table];
  if (!asked) throw invalid('A batch asks for something');
  for (const [member, value] of Object.entries(asked)) {
    if (value !== undefined && !KNOWN.includes(member)) {
      throw invalid(`BatchGetItem with ${member}: the embedded engine takes what Parlor uses`);
    }
  }
  const keys = keysOf(asked.Keys);
  const { project } = meaningsOf(asked);
  const consistent = asked.ConsistentRead === true;
  const items: Item[] = [];
  let bytes = 0;
  let units = 0;
  for (const [index, key] of keys.entries()) {
    const stored = read(consistent, key);
    bytes += stored?.bytes ?? 0;
    if (bytes > ANSWER_BYTES) {
      const left = { ...asked, Keys: asked.Keys?.slice(index) };
      return [{ Responses: { [table]: items }, UnprocessedKeys: { [table]: left } }, units];
    }
    // Each item for itself, as if it had been asked for alone.
    units += readUnits(stored?.bytes ?? 0, consistent);
    if (stored) items.push(project(stored.item));
  }
  return [{ Responses: { [table]: items }, UnprocessedKeys: {} }, units];
}

function keysOf(given: readonly object[] | undefined): Key[] {
  const keys = (given ?? []).map((key) => {
    if (Object.keys(key).length > 2) throw invalid('A key is made of pk and sk, and nothing else');
    return keyOf(key);
  });
  if (keys.length === 0 || keys.length > KEYS) {
    throw invalid(`A batch has from 1 to ${KEYS} keys, and not ${keys.length}`);
  }
  const different = new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk])));
  if (different.size < keys.length) throw invalid('Provided list of item keys contains duplicates');
  return keys;
}
