import { invalid } from '../errors.ts';
import type { Item } from '../item.ts';
import { type Condition, condition } from './condition.ts';
import { type KeyRange, keyCondition } from './key-condition.ts';
import { paths } from './operands.ts';
import { type Bindings, type Parsed, reader } from './tokens.ts';
import { type Draft, update } from './update.ts';

/** As much of a request as expressions stand in. */
export interface Expressive {
  ConditionExpression?: string | undefined;
  FilterExpression?: string | undefined;
  KeyConditionExpression?: string | undefined;
  ProjectionExpression?: string | undefined;
  UpdateExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

/** What the expressions of one request mean. An expression that is not there asks for nothing. */
export interface Meanings {
  /** Whether the request's condition holds; an item that is not there has no attributes. */
  holds(item: Item | undefined): boolean;
  passes(item: Item): boolean;
  change(before: Item, after: Draft): void;
  project(item: Item): Item;
  keys(names: { partition: string; sort: string }): KeyRange;
}

const projection = reader(paths);

/** @throws ValidationException for what is not understood, not defined, or defined in vain */
export function meaningsOf(request: Expressive): Meanings {
  const bindings = {
    names: request.ExpressionAttributeNames ?? {},
    values: request.ExpressionAttributeValues ?? {},
  };
  const used = new Set<string>();
  const read = <Meaning>(how: (text: string) => Parsed<Meaning>, text: string | undefined) => {
    if (text === undefined) return undefined;
    const { meaning, uses } = how(text);
    for (const placeholder of uses) used.add(placeholder);
    return meaning;
  };
  const held = read(condition, request.ConditionExpression);
  const filter = read(condition, request.FilterExpression);
  const change = read(update, request.UpdateExpression);
  const wanted = read(projection, request.ProjectionExpression);
  const keys = read(keyCondition, request.KeyConditionExpression);
  refuseUnequal(used, bindings);
  const holds = (what: Condition | undefined, item: Item) => what?.(item, bindings) ?? true;
  return {
    holds: (item = {}) => holds(held, item),
    passes: (item) => holds(filter, item),
    change: (before, after) => change?.(before, after, bindings),
    project: wanted
      ? (item) =>
          projected(
            item,
            wanted.map((path) => path(bindings)),
          )
      : same,
    keys(names) {
      if (keys) return keys(bindings, names);
      throw invalid('A query needs a KeyConditionExpression');
    },
  };
}

const same = (item: Item) => item;

/** As DynamoDB does: a placeholder is refused that is not defined, and so is one that is not used. */
function refuseUnequal(used: ReadonlySet<string>, { names, values }: Bindings): void {
  const defined = new Set([...Object.keys(names), ...Object.keys(values)]);
  for (const placeholder of used) {
    if (!defined.has(placeholder)) throw invalid(`${placeholder} is used and not defined`);
  }
  for (const placeholder of defined) {
    if (!used.has(placeholder)) throw invalid(`${placeholder} is defined and not used`);
  }
}

function projected(item: Item, wanted: readonly (readonly string[])[]): Item {
  const copy: Draft = {};
  for (const [name = '', ...deeper] of wanted) {
    if (deeper.length > 0) throw invalid('This engine projects whole attributes only');
    const value = item[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy;
}
