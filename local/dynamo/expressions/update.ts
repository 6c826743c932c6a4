import { invalid } from '../errors.ts';
import type { Item, Value } from '../item.ts';
import { at, isMap, type Operand, operand, type Path, path, placeholder } from './operands.ts';
import { type Bindings, reader, type Tokens } from './tokens.ts';

/** Changes `after`, a copy of the item; all operands mean the item as it was `before`. */
export type Change = (before: Item, after: Draft, bindings: Bindings) => void;

/** An item that is being changed. What is in its maps and lists belongs to older versions too. */
export type Draft = Record<string, Value>;

/** Update expressions: SET with `+`, `-` and if_not_exists, REMOVE, ADD and DELETE. */
export const update = reader<Change>((tokens) => {
  const changes: Change[] = [];
  const seen = new Set<string>();
  do {
    const clause = tokens.take().toUpperCase();
    const change = CLAUSES.get(clause) ?? tokens.fail(`has no clause "${clause}"`);
    if (seen.has(clause)) tokens.fail(`has the clause ${clause} twice`);
    seen.add(clause);
    do changes.push(change(tokens));
    while (tokens.accept(','));
  } while (tokens.peek() !== undefined);
  return (before, after, bindings) => {
    for (const change of changes) change(before, after, bindings);
  };
});

const CLAUSES = new Map<string, (tokens: Tokens) => Change>([
  ['SET', assignment],
  ['REMOVE', removal],
  ['ADD', addition],
  ['DELETE', deletion],
]);

function assignment(tokens: Tokens): Change {
  const target = path(tokens);
  tokens.expect('=');
  const value = sum(tokens);
  return (before, after, bindings) => {
    const there = target(bindings);
    put(after, there, needed(value(before, bindings), there));
  };
}

function sum(tokens: Tokens): Operand {
  const first = settable(tokens);
  const sign = tokens.accept('+') ? 1 : tokens.accept('-') ? -1 : 0;
  if (sign === 0) return first;
  const second = settable(tokens);
  return (item, bindings) => number(first(item, bindings)) + sign * number(second(item, bindings));
}

function settable(tokens: Tokens): Operand {
  if (!tokens.acceptFunction('if_not_exists')) return operand(tokens);
  const named = path(tokens);
  tokens.expect(',');
  const otherwise = settable(tokens);
  tokens.expect(')');
  return (item, bindings) => {
    const held = at(item, named(bindings));
    return held === undefined ? otherwise(item, bindings) : held;
  };
}

function removal(tokens: Tokens): Change {
  const target = path(tokens);
  return (_, after, bindings) => put(after, target(bindings), undefined);
}

/** ADD: to a number, or to a set; both begin where there is nothing. */
function addition(tokens: Tokens): Change {
  return ofTarget(tokens, (held, given) =>
    given instanceof Set
      ? new Set([...setOf(held ?? new Set()), ...given])
      : number(held ?? 0) + number(given),
  );
}

/** DELETE: from a set. The last element takes the attribute with it. */
function deletion(tokens: Tokens): Change {
  return ofTarget(tokens, (held, given) => {
    const taken = setOf(given);
    const left = [...setOf(held ?? new Set())].filter((element) => !taken.has(element));
    return left.length === 0 ? undefined : new Set(left);
  });
}

function ofTarget(
  tokens: Tokens,
  change: (held: Value | undefined, given: Value) => Value | undefined,
): Change {
  const target: Path = path(tokens);
  const given = placeholder(tokens.take());
  return (before, after, bindings) => {
    const there = target(bindings);
    put(after, there, change(at(before, there), needed(given(before, bindings), there)));
  };
}

function needed(value: Value | undefined, path: readonly string[]): Value {
  if (value !== undefined) return value;
  throw invalid(`The item has no attribute from which ${path.join('.')} could be set`);
}

function number(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  throw invalid('An operand in the update expression is not a number');
}

function setOf(value: Value): Set<string> {
  if (value instanceof Set) return value;
  throw invalid('An operand in the update expression is not a set');
}

/** Sets or, for undefined, removes. */
function put(item: Draft, [step = '', ...rest]: readonly string[], value: Value | undefined): void {
  if (rest.length > 0) {
    const inner = item[step];
    if (!isMap(inner)) {
      throw invalid('The document path provided in the update expression is invalid for update');
    }
    const copy = { ...inner };
    put(copy, rest, value);
    item[step] = copy;
  } else if (value === undefined) {
    delete item[step];
  } else {
    item[step] = value;
  }
}
