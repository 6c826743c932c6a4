import { holdsUnseen, isBlank } from './blank.ts';
import { ParlorError } from './errors.ts';
import { ROOM_NAME_CHARS, USERNAME_CHARS } from './limits.ts';

/** Letters with their marks, digits, underscore and hyphen: no control or bidi characters. */
const ROOM_NAME = /^[\p{L}\p{M}\p{N}_-]+$/u;

/** Django's rule for usernames, over all scripts. */
const USERNAME = /^[\p{L}\p{M}\p{N}_.@+-]+$/u;

/**
 * A mark without a letter to sit on, and letters under heaps of marks. No language piles up more
 * than four.
 */
const ODD_MARKS = /^\p{M}|\p{M}{5}/u;

/** Whether a name can't be told from another one by eye. */
const passesForAnother = (name: string) => holdsUnseen(name) || ODD_MARKS.test(name);

/** An account's id is part of keys, of which DynamoDB takes 1,024 bytes. */
const KEY_BYTES = 900;

/**
 * Scripts that may stand in one name together (after UTS #39, "highly restrictive"): so
 * "аdmin" with a Cyrillic letter can't pass for "admin". Letters of a script that is not listed
 * are refused.
 */
const SCRIPTS_THAT_MIX = [
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Bopomofo}]*$/u,
  /^[\p{Script=Latin}\p{Script=Han}\p{Script=Hangul}]*$/u,
  ...[
    'Cyrillic',
    'Greek',
    'Arabic',
    'Hebrew',
    'Armenian',
    'Georgian',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Oriya',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
    'Sinhala',
    'Thai',
    'Lao',
    'Tibetan',
    'Myanmar',
    'Khmer',
    'Ethiopic',
    'Mongolian',
  ].map((script) => new RegExp(`^\\p{Script=${script}}*$`, 'u')),
];

const SHARED_BY_SCRIPTS = /[\p{Script=Common}\p{Script=Inherited}]/gu;

/**
 * A room's name: 1 to 100 letters of any script, digits, `_` and `-`; case matters. Scripts may
 * mix, as in "проект-v2": nobody is impersonated by a room.
 *
 * @returns the name in Unicode form NFKC, in which it is stored and compared
 * @throws ParlorError `room_name_invalid`
 */
export function parseRoomName(input: string): string {
  const name = input.normalize('NFKC');
  const fits = ROOM_NAME.test(name) && !passesForAnother(name);
  if (!fits || [...name].length > ROOM_NAME_CHARS) {
    throw new ParlorError(
      'room_name_invalid',
      `A room's name has 1 to ${ROOM_NAME_CHARS} letters, digits, "_" and "-". Choose another name.`,
    );
  }
  return name;
}

/** What is wrong with a username, in the words of Django's form, or undefined when nothing is. */
export function usernameProblem(input: string): string | undefined {
  const name = input.normalize('NFKC');
  if (isBlank(name)) return 'This field may not be blank.';
  if ([...name].length > USERNAME_CHARS || utf8Length(usernameKey(name)) > KEY_BYTES) {
    return `Ensure this field has no more than ${USERNAME_CHARS} characters.`;
  }
  if (!USERNAME.test(name)) {
    return 'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.';
  }
  if (passesForAnother(name)) {
    return 'Enter a valid username. This value may not contain characters that do not show.';
  }
  const letters = name.replace(SHARED_BY_SCRIPTS, '');
  if (!SCRIPTS_THAT_MIX.some((scripts) => scripts.test(letters))) {
    return 'Enter a valid username. This value may not mix letters of different scripts.';
  }
  return undefined;
}

/**
 * The form in which two usernames are the same: NFKC, without case. It is the account's id.
 * Upper-casing in between folds what lower-casing alone keeps apart ("ß", "ẞ" and "ss", "ς" and
 * "σ").
 */
export function usernameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
}

const utf8Length = (text: string) => new TextEncoder().encode(text).byteLength;
