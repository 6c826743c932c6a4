import type * as z from 'zod/mini';
import { ParlorError } from '../../protocol/errors.ts';

/** What is wrong with one field of an input. */
export interface FieldProblem {
  /** Undefined when the input as a whole is meant. */
  field: string | undefined;
  kind: 'missing' | 'null' | 'type' | 'value' | 'unknown';
  /** Continues a sentence that begins with the field's name. */
  sentence: string;
}

/** Parses an input by its schema: the one place where `unknown` becomes a type. */
export function check<Schema extends z.ZodMiniType>(
  schema: Schema,
  input: unknown,
): { ok: true; value: z.infer<Schema> } | { ok: false; problems: FieldProblem[] } {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.map((issue) => toProblem(issue, input)) };
}

/** @throws ParlorError `invalid_field`, naming the first field that doesn't fit */
export function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  input: unknown,
): z.infer<Schema> {
  const result = check(schema, input);
  if (result.ok) return result.value;
  const [problem] = result.problems;
  const field = problem?.field === undefined ? 'The input' : `"${problem.field}"`;
  throw new ParlorError('invalid_field', `${field} ${problem?.sentence ?? 'does not fit'}.`);
}

/** An unknown field's name is the client's choice: an answer must not grow by it. */
const LONGEST_NAME = 64;

function toProblem(issue: z.core.$ZodIssue, input: unknown): FieldProblem {
  const path = issue.path.map(String);
  const field = path.length > 0 ? path.join('.') : undefined;
  switch (issue.code) {
    case 'invalid_type': {
      const value = valueAt(input, issue.path);
      if (value === undefined) return { field, kind: 'missing', sentence: 'is required' };
      if (value === null) return { field, kind: 'null', sentence: 'may not be null' };
      return { field, kind: 'type', sentence: `must be ${article(issue.expected)}` };
    }
    case 'unrecognized_keys':
      return {
        field: issue.keys[0]?.slice(0, LONGEST_NAME),
        kind: 'unknown',
        sentence: 'is not a field here; leave it out',
      };
    case 'too_small':
      return {
        field,
        kind: 'value',
        sentence: `must be at least ${issue.minimum}${unit(issue.origin)}`,
      };
    case 'too_big':
      return {
        field,
        kind: 'value',
        sentence: `must be at most ${issue.maximum}${unit(issue.origin)}`,
      };
    case 'invalid_format':
      return { field, kind: 'value', sentence: 'holds characters that are not allowed there' };
    default:
      return { field, kind: 'value', sentence: 'has a value that is not allowed there' };
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return value;
}

const unit = (origin: string) => (origin === 'string' ? ' characters long' : '');

const article = (type: string) =>
  type === 'int' || type === 'number'
    ? 'a whole number'
    : /^[aeiou]/.test(type)
      ? `an ${type}`
      : `a ${type}`;
