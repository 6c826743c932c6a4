import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ParlorError } from '../../protocol/errors.ts';
import { parseRoomName, usernameKey, usernameProblem } from '../../protocol/names.ts';

/** What an attacker would put between or instead of letters. */
const TRICKS = [
  ...['\u0000', '\u001f', '\u007f', '\u0085', '\n', '\t', ' ', '\u00a0', '\u3000'],
  ...['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad'],
  ...['\u202a', '\u202e', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c'],
  ...['#', '/', '\\', '%', '?', '&', '<', '"', "'", ':', '*', '🙂', '\ud83d'],
];

const INVALID_CHARACTERS =
  'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.';
const MIXED_SCRIPTS =
  'Enter a valid username. This value may not mix letters of different scripts.';

/** Any text, and more of what comes near a name than chance would bring. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('a', 'B', 'é', 'e\u0301', 'ﬁ', 'ß', 'я', '日', '٣', ...TRICKS),
  }),
);

const isRoomName = (name: string): boolean => {
  try {
    parseRoomName(name);
    return true;
  } catch (error) {
    if (error instanceof ParlorError && error.code === 'room_name_invalid') return false;
    throw error;
  }
};

describe("a room's name", () => {
  test.each([
    'global',
    'Room_1',
    'a-b',
    '-',
    '_',
    '0',
    'größe',
    '日本語',
    'комната',
    'غرفة',
    'a１',
  ])('may be %s', (name) => {
    expect(parseRoomName(name)).toBe(name.normalize('NFKC'));
  });

  test.each(['', '\u200b', '\u3164', '\u2800', '\u00ad', '\u{13441}', 'a\u{16fe4}', 'a\u3164'])(
    'is not %j, of which not all shows',
    (name) => {
      expect(isRoomName(name)).toBe(false);
      expect(usernameProblem(name)).toBeDefined();
    },
  );

  test('is the same however its characters are composed', () => {
    expect(parseRoomName('e\u0301')).toBe('é');
    expect(parseRoomName('ﬁｒｅ')).toBe('fire');
  });

  test('keeps its case', () => {
    expect(parseRoomName('Lobby')).not.toBe(parseRoomName('lobby'));
  });

  test.each(TRICKS)('may not hold %j', (trick) => {
    expect(isRoomName(`a${trick}b`)).toBe(false);
    expect(isRoomName(trick)).toBe(false);
  });

  test('has one to a hundred characters, counted as people count', () => {
    expect(isRoomName('')).toBe(false);
    expect(isRoomName('a'.repeat(100))).toBe(true);
    expect(isRoomName('a'.repeat(101))).toBe(false);
    expect(isRoomName('𠀀'.repeat(100))).toBe(true);
    // One character that NFKC turns into three.
    expect(isRoomName('㎢'.repeat(40))).toBe(false);
  });

  test('that was accepted is accepted again, and stays as it is', () => {
    fc.assert(
      fc.property(anyText, (input) => {
        fc.pre(isRoomName(input));
        const name = parseRoomName(input);
        expect(parseRoomName(name)).toBe(name);
        expect(name).toMatch(/^[\p{L}\p{M}\p{N}_-]+$/u);
      }),
    );
  });
});

describe('a username', () => {
  test.each(['alice', 'Alice.B+c@example-1_', 'größe', 'иван', '日本カナ', 'abc日本', '123', '@'])(
    'may be %s',
    (name) => {
      expect(usernameProblem(name)).toBeUndefined();
    },
  );

  test.each(TRICKS)('may not hold %j', (trick) => {
    expect(usernameProblem(`a${trick}b`)).toBe(INVALID_CHARACTERS);
  });

  test('has one to a hundred and fifty characters', () => {
    expect(usernameProblem('')).toBe('This field may not be blank.');
    expect(usernameProblem('a'.repeat(150))).toBeUndefined();
    expect(usernameProblem('a'.repeat(151))).toBe(
      'Ensure this field has no more than 150 characters.',
    );
  });

  test.each(['аdmin', 'pаypal', 'αdmin', 'adminא', 'кот日本', 'ᎠᎡmin', 'ꭰ'])(
    'may not mix scripts, or be of one that nobody writes, like %s',
    (name) => {
      expect(usernameProblem(name)).toBe(MIXED_SCRIPTS);
    },
  );
});

describe('the key of a username', () => {
  test.each([
    ['Alice', 'aLICE'],
    ['STRASSE', 'straße'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['ＡＬＩＣＥ', 'alice'],
    ['e\u0301', 'É'],
    ['admın', 'ADMIN'],
    ['K', '\u212a'],
    ['ﬁ', 'FI'],
  ])('is the same for %s and %s', (one, other) => {
    expect(usernameKey(one)).toBe(usernameKey(other));
  });

  test('differs where names differ', () => {
    const names = ['alice', 'alicе', 'al1ce', 'alice1', 'a.lice', 'а', 'a', 'ä'];
    expect(new Set(names.map(usernameKey)).size).toBe(names.length);
  });

  test('is the same for a name in any case, also as a whole', () => {
    const letters = fc.string({
      unit: fc.constantFrom(
        'a',
        'Z',
        'ß',
        'ſ',
        'İ',
        'ı',
        'é',
        'e\u0301',
        'ŉ',
        'ǰ',
        'ﬀ',
        '.',
        '\u0307',
      ),
    });
    fc.assert(
      fc.property(letters, (name) => {
        const key = usernameKey(name);
        expect(usernameKey(key)).toBe(key);
        expect(usernameKey(name.toUpperCase())).toBe(key);
        expect(usernameKey(name.toLowerCase())).toBe(key);
        expect(usernameKey(name.normalize('NFD'))).toBe(key);
      }),
    );
  });
});
