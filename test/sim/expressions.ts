/**
 * DynamoDB's condition, key, update and projection expressions, as far as the adapters use them.
 * Anything else is refused aloud. Each text is parsed once.
 */
export type Item = Record<string, unknown>;

/** What an expression refers to by `#name` and `:value`. */
export interface Bindings {
  names?: Readonly<Record<string, string>> | undefined;
  values?: Readonly<Record<string, unknown>> | undefined;
}

type Condition = (item: Item, bindings: Bindings) => boolean;
type Operand = (item: Item, bindings: Bindings) => unknown;
type Path = (bindings: Bindings) => string[];
type Change = (before: Item, after: Item, bindings: Bindings) => void;

const TOKEN = /\s*(<=|>=|<>|[#:]?[A-Za-z_]\w*|[=<>()+\-.,])/y;

class Tokens {
  readonly #text: string;
  readonly #tokens: string[] = [];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const [, token] = TOKEN.exec(text) ?? this.fail('has a token that is not known');
      this.#tokens.push(token ?? '');
    }
  }

  peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  take(): string {
    return this.#tokens[this.#next++] ?? this.fail('ends too early');
  }

  accept(token: string): boolean {
    if (this.peek()?.toUpperCase() !== token) return false;
    this.#next++;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.fail(`lacks "${token}" before "${this.peek()}"`);
  }

  fail(why: string): never {
    throw new Error(`The simulator's DynamoDB: "${this.#text}" ${why}.`);
  }
}

/** @throws Error for an expression that is not understood to its end */
function once<Parsed>(parse: (tokens: Tokens) => Parsed): (text: string) => Parsed {
  const parsed = new Map<string, Parsed>();
  return (text) => {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const tokens = new Tokens(text);
    const result = parse(tokens);
    if (tokens.peek() !== undefined) tokens.fail(`goes on with "${tokens.peek()}"`);
    parsed.set(text, result);
    return result;
  };
}

export const condition = once<Condition>(either);
export const update = once<Change>(changes);
export const projection = once<Path[]>(paths);

function either(tokens: Tokens): Condition {
  const first = both(tokens);
  if (!tokens.accept('OR')) return first;
  const second = either(tokens);
  return (item, bindings) => first(item, bindings) || second(item, bindings);
}

function both(tokens: Tokens): Condition {
  const first = single(tokens);
  if (!tokens.accept('AND')) return first;
  const second = both(tokens);
  return (item, bindings) => first(item, bindings) && second(item, bindings);
}

function single(tokens: Tokens): Condition {
  if (tokens.accept('(')) {
    const inner = either(tokens);
    tokens.expect(')');
    return inner;
  }
  if (tokens.accept('ATTRIBUTE_EXISTS')) return existence(tokens, true);
  if (tokens.accept('ATTRIBUTE_NOT_EXISTS')) return existence(tokens, false);
  if (tokens.accept('BEGINS_WITH')) return prefix(tokens);
  return comparison(tokens);
}

function existence(tokens: Tokens, wanted: boolean): Condition {
  tokens.expect('(');
  const path = pathOf(tokens);
  tokens.expect(')');
  return (item, bindings) => (valueAt(item, path(bindings)) !== undefined) === wanted;
}

function prefix(tokens: Tokens): Condition {
  tokens.expect('(');
  const text = operand(tokens);
  tokens.expect(',');
  const start = operand(tokens);
  tokens.expect(')');
  return (item, bindings) => String(text(item, bindings)).startsWith(String(start(item, bindings)));
}

const COMPARISONS: Record<string, (a: string | number, b: string | number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function comparison(tokens: Tokens): Condition {
  const left = operand(tokens);
  const compare = COMPARISONS[tokens.take()] ?? tokens.fail('compares in a way that is not known');
  const right = operand(tokens);
  return (item, bindings) => {
    const a = left(item, bindings);
    const b = right(item, bindings);
    // What is absent, or of another type, compares with nothing.
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
    return typeof a === 'string' && typeof b === 'string' && compare(a, b);
  };
}

function operand(tokens: Tokens): Operand {
  const token = tokens.peek() ?? tokens.fail('lacks an operand');
  if (token.startsWith(':')) {
    tokens.take();
    return (_, { values }) => {
      if (values && token in values) return values[token];
      throw new Error(`The simulator's DynamoDB: ${token} has no value.`);
    };
  }
  if (tokens.accept('IF_NOT_EXISTS')) {
    tokens.expect('(');
    const path = pathOf(tokens);
    tokens.expect(',');
    const otherwise = operand(tokens);
    tokens.expect(')');
    return (item, bindings) => valueAt(item, path(bindings)) ?? otherwise(item, bindings);
  }
  if (tokens.accept('SIZE')) {
    tokens.expect('(');
    const path = pathOf(tokens);
    tokens.expect(')');
    return (item, bindings) => sizeOf(valueAt(item, path(bindings)));
  }
  const path = pathOf(tokens);
  return (item, bindings) => valueAt(item, path(bindings));
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

function pathOf(tokens: Tokens): Path {
  const parts = [tokens.take()];
  while (tokens.accept('.')) parts.push(tokens.take());
  if (parts.every((part) => !part.startsWith('#'))) return () => parts;
  return ({ names }) => parts.map((part) => (part.startsWith('#') ? (names?.[part] ?? '') : part));
}

function paths(tokens: Tokens): Path[] {
  const all = [pathOf(tokens)];
  while (tokens.accept(',')) all.push(pathOf(tokens));
  return all;
}

function changes(tokens: Tokens): Change {
  const all: Change[] = [];
  while (tokens.peek() !== undefined) {
    const change = tokens.accept('SET') ? assignment : removal;
    if (change === removal) tokens.expect('REMOVE');
    do all.push(change(tokens));
    while (tokens.accept(','));
  }
  return (before, after, bindings) => {
    for (const change of all) change(before, after, bindings);
  };
}

function assignment(tokens: Tokens): Change {
  const path = pathOf(tokens);
  tokens.expect('=');
  let value = operand(tokens);
  if (tokens.accept('+')) {
    const base = value;
    const addend = operand(tokens);
    value = (item, bindings) => {
      const sum = Number(base(item, bindings)) + Number(addend(item, bindings));
      if (Number.isNaN(sum))
        throw new Error("The simulator's DynamoDB: added to what is no number.");
      return sum;
    };
  }
  return (before, after, bindings) => put(after, path(bindings), value(before, bindings));
}

function removal(tokens: Tokens): Change {
  const path = pathOf(tokens);
  return (_, after, bindings) => put(after, path(bindings), undefined);
}

function valueAt(item: Item, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Item)[step];
  }
  return value;
}

/** Sets or, for undefined, deletes. Maps on the way are copied: they belong to older versions too. */
function put(item: Item, path: readonly string[], value: unknown): void {
  const [step = '', ...rest] = path;
  if (rest.length > 0) {
    const inner = item[step];
    if (typeof inner !== 'object' || inner === null) {
      throw new Error(`The simulator's DynamoDB: there is no map at ${step}.`);
    }
    const copy = { ...(inner as Item) };
    put(copy, rest, value);
    item[step] = copy;
  } else if (value === undefined) {
    delete item[step];
  } else {
    item[step] = value;
  }
}
