import { invalid } from '../errors.ts';
import { attribute, type Item, utf8Bytes, type Value } from '../item.ts';
import type { Bindings, Tokens } from './tokens.ts';

/** What a part of an expression is worth for an item; undefined where the item has no such attribute. */
export type Operand = (item: Item, bindings: Bindings) => Value | undefined;

/** The names that lead to an attribute, from the outside in. */
export type Path = (bindings: Bindings) => readonly string[];

export function path(tokens: Tokens): Path {
  const parts = [nameIn(tokens)];
  while (tokens.accept('.')) parts.push(nameIn(tokens));
  if (parts.every((part) => !part.startsWith('#'))) return () => parts;
  return ({ names }) => parts.map((part) => (part.startsWith('#') ? nameOf(part, names) : part));
}

export function paths(tokens: Tokens): Path[] {
  const all = [path(tokens)];
  while (tokens.accept(',')) all.push(path(tokens));
  return all;
}

function nameIn(tokens: Tokens): string {
  const token = tokens.take();
  return /^[#A-Za-z_]/.test(token) ? token : tokens.fail(`has "${token}" where a name belongs`);
}

function nameOf(placeholder: string, names: Bindings['names']): string {
  const name = names[placeholder];
  if (name !== undefined) return name;
  throw invalid(`${placeholder} is not among the ExpressionAttributeNames`);
}

/** `:value`, a path, or `size(path)`. */
export function operand(tokens: Tokens): Operand {
  if (tokens.peek()?.startsWith(':')) return placeholder(tokens.take());
  if (tokens.acceptFunction('size')) {
    const measured = path(tokens);
    tokens.expect(')');
    return (item, bindings) => sizeOf(at(item, measured(bindings)));
  }
  const named = path(tokens);
  return (item, bindings) => at(item, named(bindings));
}

export function placeholder(token: string): Operand {
  return (_, { values }) => {
    if (values[token] !== undefined) return attribute(values[token]);
    throw invalid(`${token} is not among the ExpressionAttributeValues`);
  };
}

/** Of a text in bytes, of a set, a list or a map in elements; nothing else has a size. */
function sizeOf(value: Value | undefined): number | undefined {
  if (typeof value === 'string') return utf8Bytes(value);
  if (value instanceof Set) return value.size;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** What an item holds there. */
export function at(item: Item, path: readonly string[]): Value | undefined {
  let value: Value | undefined = item as Record<string, Value>;
  for (const step of path) {
    if (!isMap(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

export const isMap = (value: Value | undefined): value is { [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Set);
