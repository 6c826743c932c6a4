import { invalid } from './errors.ts';
import type { Item, Value } from './item.ts';

/** A value as DynamoDB's protocol has it: one member, named by its type. Numbers are texts. */
export type AttributeValue = Readonly<Record<string, unknown>>;

export const toAttributes = (item: Item): Record<string, AttributeValue> =>
  mapped(item, toAttribute);

/** @throws ValidationException for a type that the engine doesn't keep */
export const fromAttributes = (item: Readonly<Record<string, AttributeValue>>): Item =>
  mapped(item, fromAttribute);

function toAttribute(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Set) return { SS: [...value] };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  return { M: toAttributes(value) };
}

function fromAttribute(attribute: AttributeValue): Value {
  const [[type, held] = ['nothing', undefined], ...more] = Object.entries(attribute ?? {});
  const read = more.length === 0 ? READ[type] : undefined;
  const value = read?.(held);
  if (value === undefined) throw invalid(`There is no attribute of the type ${type}`);
  return value;
}

const READ: Readonly<Record<string, (held: unknown) => Value | undefined>> = {
  S: (held) => (typeof held === 'string' ? held : undefined),
  N: (held) => (typeof held === 'string' && held.trim() !== '' ? Number(held) : undefined),
  BOOL: (held) => (typeof held === 'boolean' ? held : undefined),
  NULL: (held) => (held === true ? null : undefined),
  SS: (held) => (Array.isArray(held) ? new Set(held as string[]) : undefined),
  L: (held) => (Array.isArray(held) ? held.map(fromAttribute) : undefined),
  M: (held) => (isMap(held) ? { ...fromAttributes(held) } : undefined),
};

const isMap = (held: unknown): held is Record<string, AttributeValue> =>
  typeof held === 'object' && held !== null && !Array.isArray(held);

const mapped = <From, To>(map: Readonly<Record<string, From>>, change: (value: From) => To) =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
