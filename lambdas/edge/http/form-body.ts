import type * as z from 'zod/mini';
import { ParlorError } from '../../../protocol/errors.ts';
import { stripped } from '../../../protocol/white-space.ts';
import { check, type FieldProblem } from '../parse.ts';

/**
 * Parses a body as Django REST framework's serializers do: numbers are taken for their text, white
 * space around a text is dropped, and every field tells its own error. Measured beside a real one.
 *
 * Passwords come as they were sent: chat/accounts.ts drops their white space, for the sake of older
 * accounts.
 *
 * @throws ParlorError `invalid_field`, with the sentences of each field
 */
export function parseForm(schema: z.ZodMiniObject, input: unknown): unknown {
  const texts = Object.entries(schema.shape)
    .filter(([, type]) => (type as z.ZodMiniType)._zod.def.type === 'string')
    .map(([name]) => name);
  const read = readTexts(input, texts);
  const result = check(schema, read);
  const problems = result.ok ? [] : result.problems.map(toSentence);
  const fields: Fields = Object.fromEntries([...textProblems(read, texts), ...problems]);
  if (result.ok && Object.keys(fields).length === 0) return result.value;
  throw new ParlorError('invalid_field', Object.values(fields).flat().join(' '), { fields });
}

type Fields = Record<string, string[]>;

/** An object's texts as a CharField reads them; what isn't one is left for the schema to refuse. */
function readTexts(input: unknown, names: readonly string[]): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const read: Record<string, unknown> = { ...input };
  for (const name of names) {
    if (!Object.hasOwn(read, name)) continue;
    const text = numberAsText(read[name]);
    read[name] = typeof text === 'string' && name !== 'password' ? stripped(text) : text;
  }
  return read;
}

/** Beyond 2^53 JavaScript has lost digits: such a number is refused, not taken for another one. */
function numberAsText(value: unknown): unknown {
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return exact ? String(value) : value;
}

/** What Django's fields refuse in a text that is otherwise one. */
function textProblems(read: unknown, names: readonly string[]): [string, string[]][] {
  return names.flatMap((name): [string, string[]][] => {
    const text = Object(read)[name] as unknown;
    const problem = typeof text === 'string' ? textProblem(text) : undefined;
    return problem === undefined ? [] : [[name, [problem]]];
  });
}

function textProblem(text: string): string | undefined {
  if (stripped(text) === '') return 'This field may not be blank.';
  if (text.includes('\0')) return 'Null characters are not allowed.';
  const [surrogate] = /\p{Surrogate}/u.exec(text) ?? [];
  // Encoded they would all be U+FFFD: two passwords would be one.
  return surrogate && `Surrogate characters are not allowed: U+${codeOf(surrogate)}.`;
}

const codeOf = (character: string) => character.charCodeAt(0).toString(16).toUpperCase();

function toSentence(problem: FieldProblem): [string, string[]] {
  return [problem.field ?? 'non_field_errors', [inDjangosWords(problem)]];
}

function inDjangosWords({ field, kind, sentence }: FieldProblem): string {
  if (field === undefined) return 'Invalid data. Expected a dictionary.';
  if (kind === 'missing') return 'This field is required.';
  if (kind === 'null') return 'This field may not be null.';
  if (kind === 'type')
    return sentence === 'must be a boolean' ? 'Must be a valid boolean.' : 'Not a valid string.';
  return `This field ${sentence}.`;
}
