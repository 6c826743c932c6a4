import { compareTexts, type Item, type Value } from '../item.ts';
import { at, type Operand, operand, path } from './operands.ts';
import { type Bindings, reader, type Tokens } from './tokens.ts';

export type Condition = (item: Item, bindings: Bindings) => boolean;

/** Condition and filter expressions: OR, AND, NOT, comparisons, and the functions below. */
export const condition = reader<Condition>(either);

function either(tokens: Tokens): Condition {
  let all = both(tokens);
  while (tokens.accept('OR')) {
    const [first, second] = [all, both(tokens)];
    all = (item, bindings) => first(item, bindings) || second(item, bindings);
  }
  return all;
}

function both(tokens: Tokens): Condition {
  let all = single(tokens);
  while (tokens.accept('AND')) {
    const [first, second] = [all, single(tokens)];
    all = (item, bindings) => first(item, bindings) && second(item, bindings);
  }
  return all;
}

function single(tokens: Tokens): Condition {
  if (tokens.accept('NOT')) {
    const negated = single(tokens);
    return (item, bindings) => !negated(item, bindings);
  }
  if (tokens.accept('(')) {
    const inner = either(tokens);
    tokens.expect(')');
    return inner;
  }
  if (tokens.acceptFunction('attribute_exists')) return existence(tokens, true);
  if (tokens.acceptFunction('attribute_not_exists')) return existence(tokens, false);
  if (tokens.acceptFunction('begins_with')) return ofTwo(tokens, beginsWith);
  if (tokens.acceptFunction('contains')) return ofTwo(tokens, contains);
  return comparison(tokens);
}

function existence(tokens: Tokens, wanted: boolean): Condition {
  const named = path(tokens);
  tokens.expect(')');
  return (item, bindings) => (at(item, named(bindings)) !== undefined) === wanted;
}

type Relation = (a: Value, b: Value) => boolean;

/** What is absent stands in no relation. */
const related =
  (left: Operand, relation: Relation, right: Operand): Condition =>
  (item, bindings) => {
    const a = left(item, bindings);
    const b = right(item, bindings);
    return a !== undefined && b !== undefined && relation(a, b);
  };

function ofTwo(tokens: Tokens, relation: Relation): Condition {
  const left = operand(tokens);
  tokens.expect(',');
  const right = operand(tokens);
  tokens.expect(')');
  return related(left, relation, right);
}

const beginsWith: Relation = (a, b) =>
  typeof a === 'string' && typeof b === 'string' && a.startsWith(b);

const contains: Relation = (a, b) => {
  if (typeof b !== 'string') return Array.isArray(a) && a.some((each) => same(each, b));
  return a instanceof Set ? a.has(b) : (typeof a === 'string' || Array.isArray(a)) && a.includes(b);
};

/** What is of another type is neither equal, nor smaller nor greater. */
const ordered =
  (holds: (difference: number) => boolean): Relation =>
  (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return holds(a - b);
    return typeof a === 'string' && typeof b === 'string' && holds(compareTexts(a, b));
  };

const RELATIONS = new Map<string, Relation>([
  ['=', same],
  ['<', ordered((difference) => difference < 0)],
  ['<=', ordered((difference) => difference <= 0)],
  ['>', ordered((difference) => difference > 0)],
  ['>=', ordered((difference) => difference >= 0)],
]);

function comparison(tokens: Tokens): Condition {
  const left = operand(tokens);
  const sign = tokens.take();
  // An absent attribute is unequal to everything.
  if (sign === '<>') {
    const right = operand(tokens);
    const equal = related(left, same, right);
    return (item, bindings) => !equal(item, bindings);
  }
  const relation = RELATIONS.get(sign) ?? tokens.fail(`compares by "${sign}"`);
  return related(left, relation, operand(tokens));
}

function same(a: Value, b: Value): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (a instanceof Set || b instanceof Set) {
    return (
      a instanceof Set &&
      b instanceof Set &&
      a.size === b.size &&
      [...a].every((each) => b.has(each))
    );
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const one = Object.entries(a);
  const other = b as Record<string, Value>;
  return (
    one.length === Object.keys(other).length &&
    one.every(([name, value]) => {
      const its = other[name];
      return its !== undefined && same(value, its);
    })
  );
}
