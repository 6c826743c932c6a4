import { invalid } from '../errors.ts';
import { compareTexts, type Value } from '../item.ts';
import { type Path, path, placeholder } from './operands.ts';
import { type Bindings, reader, type Tokens } from './tokens.ts';

/** Where a range of sort keys begins or ends. */
export interface Bound {
  readonly value: Value;
  /** Whether the key itself belongs to the range. */
  readonly inclusive: boolean;
}

export interface KeyRange {
  readonly partition: Value;
  readonly lower?: Bound | undefined;
  readonly upper?: Bound | undefined;
}

/** What a query asks of the keys with these names. */
type KeyCondition = (bindings: Bindings, key: { partition: string; sort: string }) => KeyRange;

interface Clause {
  name: Path;
  sign: string;
  values: ((bindings: Bindings) => Value)[];
}

/** Key conditions: the partition's key, and a comparison, BETWEEN or begins_with of the sort key. */
export const keyCondition = reader<KeyCondition>((tokens) => {
  const clauses = [clause(tokens)];
  while (tokens.accept('AND')) clauses.push(clause(tokens));
  if (clauses.length > 2) tokens.fail('has more than two key conditions');
  return (bindings, key) => {
    const named = (name: string) => clauses.find((each) => each.name(bindings).join('.') === name);
    const partition = named(key.partition);
    const sort = named(key.sort);
    if (partition?.sign !== '=' || (clauses.length === 2 && !sort)) {
      throw invalid(`A query needs "${key.partition} =", and may compare ${key.sort}`);
    }
    const [value = ''] = valuesOf(partition, bindings);
    return { partition: value, ...(sort && boundsOf(sort.sign, valuesOf(sort, bindings))) };
  };
});

const valuesOf = ({ values }: Clause, bindings: Bindings) => values.map((value) => value(bindings));

function clause(tokens: Tokens): Clause {
  if (tokens.acceptFunction('begins_with')) {
    const name = path(tokens);
    tokens.expect(',');
    const values = [value(tokens)];
    tokens.expect(')');
    return { name, sign: 'begins_with', values };
  }
  const name = path(tokens);
  const sign = tokens.take().toUpperCase();
  const values = [value(tokens)];
  if (sign === 'BETWEEN') {
    tokens.expect('AND');
    values.push(value(tokens));
  } else if (!['=', '<', '<=', '>', '>='].includes(sign))
    tokens.fail(`compares a key by "${sign}"`);
  return { name, sign, values };
}

function value(tokens: Tokens): (bindings: Bindings) => Value {
  const token = tokens.take();
  if (!token.startsWith(':')) tokens.fail(`has "${token}" where a :value belongs`);
  const held = placeholder(token);
  return (bindings) => held({}, bindings) ?? '';
}

function boundsOf(sign: string, [value = '', second = '']: Value[]): Partial<KeyRange> {
  const inclusive = !['<', '>'].includes(sign);
  const bound = { value, inclusive };
  if (sign === 'begins_with') return prefixed(value);
  if (sign === 'BETWEEN') return between(value, second);
  return {
    ...(sign !== '<' && sign !== '<=' && { lower: bound }),
    ...(sign !== '>' && sign !== '>=' && { upper: bound }),
  };
}

function between(value: Value, second: Value): Partial<KeyRange> {
  const ordered =
    typeof value === 'string' && typeof second === 'string'
      ? compareTexts(value, second) <= 0
      : Number(value) <= Number(second);
  if (!ordered) throw invalid('BETWEEN takes the smaller bound first');
  return { lower: { value, inclusive: true }, upper: { value: second, inclusive: true } };
}

function prefixed(prefix: Value): Partial<KeyRange> {
  if (typeof prefix !== 'string') throw invalid('begins_with takes a text');
  const lower = { value: prefix, inclusive: true };
  const next = successor(prefix);
  return { lower, ...(next !== undefined && { upper: { value: next, inclusive: false } }) };
}

const LAST = 0x10ffff;

/** The first text after all that begin with this one; undefined where none follows. */
function successor(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Between these two there are only halves of characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
