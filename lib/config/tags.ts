import type { Context } from './context.ts';

/** What every part of the stacks is marked with, for bills and for rules of the account. */
export type TagList = Readonly<Record<string, string>>;

/** AWS's own rules for both. */
const KEY = /^(?!aws:)[\p{L}\p{N}\p{Zs}_.:/=+\-@]{1,128}$/iu;
const VALUE = /^[\p{L}\p{N}\p{Zs}_.:/=+\-@]{0,256}$/u;

const EXAMPLE = '{"team": "chat", "cost-centre": "4711"}';

/**
 * Tags by their keys, as JSON.
 *
 * @throws Error that says what is wrong with it and what it takes
 */
export function readTags(context: Context): TagList {
  const said = context.value('tags');
  if (said === undefined) return {};
  const value = typeof said === 'string' ? parsed(said) : said;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`-c tags is no object of JSON. Write ${EXAMPLE}.`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      if (!KEY.test(key)) {
        throw new Error(
          `-c tags: "${key}" can't be a tag's key: 1 to 128 letters, digits, spaces and _.:/=+-@, not aws: at its beginning.`,
        );
      }
      if (typeof text === 'string' && VALUE.test(text)) return [key, text];
      throw new Error(
        `-c tags: ${JSON.stringify(text)} can't be the value of "${key}": a text of up to 256 letters, digits, spaces and _.:/=+-@.`,
      );
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
