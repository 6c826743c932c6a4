/** A value as DynamoDB's protocol has it: one member, named by its type. Numbers are texts. */
export type AttributeValue = Readonly<Record<string, unknown>>;

/**
 * Values as the SDK's document client writes them: what is undefined or a function is left out.
 *
 * @throws Error for a value that DynamoDB has no type for, or a number that can't be kept exactly
 */
export function toAttributes(item: object): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item)) {
    if (!isLeftOut(value)) set(attributes, name, toAttribute(value));
  }
  return attributes;
}

/**
 * Values as the SDK's document client reads them: a number that is too large to be exact as bigint,
 * sets as Set, bytes as Uint8Array.
 *
 * @throws Error for a type that DynamoDB doesn't have
 */
export function fromAttributes(
  item: Readonly<Record<string, AttributeValue>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(item)) set(values, name, fromAttribute(item[name] ?? {}));
  return values;
}

/** A plain assignment to `__proto__` would make it the prototype. */
function set<Value>(map: Record<string, Value>, name: string, value: Value): void {
  if (name !== '__proto__') map[name] = value;
  else
    Object.defineProperty(map, name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
}

const isLeftOut = (value: unknown) => value === undefined || typeof value === 'function';

function toAttribute(value: unknown): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: numberText(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'bigint') return { N: String(value) };
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) {
    return { L: value.filter((each) => !isLeftOut(each)).map(toAttribute) };
  }
  if (value instanceof Set) return toSet([...value].filter((each) => each !== undefined));
  if (value instanceof Uint8Array) return { B: base64(value) };
  if (isPlain(value)) return { M: toAttributes(value) };
  throw new Error(`There is no attribute of the type ${typeOf(value)}`);
}

/** Of one kind, as its first element has it. */
function toSet(elements: readonly unknown[]): AttributeValue {
  const [first] = elements;
  if (first === undefined) throw new Error('An empty set is not allowed');
  if (elements.some((each) => typeof each !== typeof first)) {
    throw new Error('A set of several types is not allowed');
  }
  const [[type, one] = ['']] = Object.entries(toAttribute(first));
  if (!['S', 'N', 'B'].includes(type) || typeof one !== 'string') {
    throw new Error(`There is no set of the type ${typeOf(first)}`);
  }
  return { [`${type}S`]: elements.map((each) => toAttribute(each)[type]) };
}

function numberText(value: number): string {
  if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
  throw new Error(`${value} is a number that can't be kept exactly`);
}

function fromAttribute(attribute: AttributeValue): unknown {
  const [type, ...more] = Object.keys(attribute);
  const read = more.length === 0 && type !== undefined ? READ.get(type) : undefined;
  const value = type === undefined ? undefined : read?.(attribute[type]);
  if (value === undefined) throw new Error(`There is no attribute of the type ${type}`);
  return value;
}

const READ: ReadonlyMap<string, (held: unknown) => unknown> = new Map(
  Object.entries<(held: unknown) => unknown>({
    S: (held) => (typeof held === 'string' ? held : undefined),
    N: (held) => (typeof held === 'string' && held.trim() !== '' ? numberOf(held) : undefined),
    BOOL: (held) => (typeof held === 'boolean' ? held : undefined),
    NULL: (held) => (held === true ? null : undefined),
    B: (held) => (typeof held === 'string' ? bytesOf(held) : undefined),
    SS: (held) => setOf(held, (each) => each),
    NS: (held) => setOf(held, numberOf),
    BS: (held) => setOf(held, bytesOf),
    L: (held) => (Array.isArray(held) ? held.map(fromAttribute) : undefined),
    M: (held) => (isMap(held) ? fromAttributes(held) : undefined),
  }),
);

function numberOf(text: string): number | bigint {
  const number = Number(text);
  if (Number.isNaN(number))
    throw new Error('There is no attribute of the type N that is no number');
  if (!Number.isFinite(number) || Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  return BigInt(text);
}

const setOf = (held: unknown, read: (text: string) => unknown) =>
  Array.isArray(held) && held.every((each) => typeof each === 'string')
    ? new Set(held.map(read))
    : undefined;

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

const base64 = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const isMap = (held: unknown): held is Record<string, AttributeValue> =>
  typeof held === 'object' && held !== null && !Array.isArray(held);

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

const typeOf = (value: unknown) =>
  typeof value === 'object' ? (value?.constructor?.name ?? 'null') : typeof value;
