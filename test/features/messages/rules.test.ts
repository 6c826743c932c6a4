import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseContent } from '../../../features/messages/rules.ts';
import { eventFrames } from '../../../lambdas/chat/event-frames.ts';
import { ParlorError } from '../../../protocol/errors.ts';
import { FRAME_BYTES, ROOM_NAME_CHARS, USERNAME_CHARS } from '../../../protocol/limits.ts';
import { anEvent } from '../../fakes/samples.ts';

/** The code with which a content is refused, or undefined. */
function refusal(content: string): string | undefined {
  try {
    parseContent(content);
    return undefined;
  } catch (error) {
    return error instanceof ParlorError ? error.code : String(error);
  }
}

describe('a content', () => {
  test.each([
    'hello',
    ' a ',
    'two\nlines\r\n\tand a tab',
    '<script>alert(1)</script>',
    '🙂',
    '\u200ba',
  ])('like %j is kept as it came', (content) => {
    expect(parseContent(content)).toBe(content);
  });

  test.each([
    '',
    ' ',
    '\n\t\r\n',
    '\u00a0\u3000\ufeff',
    '\u200b',
    '\u2060',
    '\u3164',
    '\u2800',
    '\u00ad',
    '\u200b\u2060 \u3164\u2800\u00ad',
  ])('like %j is empty', (content) => {
    expect(refusal(content)).toBe('content_empty');
  });

  test('is measured in bytes of UTF-8', () => {
    expect(refusal('x'.repeat(8_000))).toBeUndefined();
    expect(refusal('x'.repeat(8_001))).toBe('content_too_long');
    expect(refusal('🙂'.repeat(2_000))).toBeUndefined();
    expect(refusal(`${'🙂'.repeat(2_000)}x`)).toBe('content_too_long');
  });

  test('holds no control characters but tab and line breaks', () => {
    const allowed = [0x09, 0x0a, 0x0d];
    for (let code = 0; code < 0xa0; code++) {
      const printable = code >= 0x20 && code < 0x7f;
      const expected = printable || allowed.includes(code) ? undefined : 'content_invalid';
      expect([code, refusal(`a${String.fromCharCode(code)}b`)]).toEqual([code, expected]);
    }
  });

  test.each(['\ud83d', 'a\ude42', '\ude42\ud83d'])(
    'may not hold half a pair like %j',
    (content) => {
      expect(refusal(content)).toBe('content_invalid');
    },
  );

  test('that is allowed fits in a frame, whatever it is and whoever sends it', () => {
    const longest = anEvent({
      room: '𠀀'.repeat(ROOM_NAME_CHARS),
      sender: '𠀀'.repeat(USERNAME_CHARS),
      clientId: '"'.repeat(64),
      seq: Number.MAX_SAFE_INTEGER,
      id: 'x'.repeat(36),
      at: 0,
    });
    const text = fc.oneof(
      fc.constantFrom('"', '\\', '\n', '\u2028', '🙂').map((char) => char.repeat(8_000)),
      fc.string({ unit: 'binary', maxLength: 8_000, size: 'max' }),
      fc.string({ unit: 'grapheme', maxLength: 2_000, size: 'max' }),
    );
    fc.assert(
      fc.property(text, (content) => {
        fc.pre(refusal(content) === undefined);
        for (const frames of Object.values(eventFrames([{ ...longest, payload: { content } }]))) {
          expect(frames.map((frame) => JSON.parse(frame).content)).toEqual([content]);
          for (const frame of frames) {
            expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES);
          }
        }
      }),
      { examples: [['"'.repeat(8_000)], ['\n"'.repeat(3_999)], ['🙂'.repeat(2_000)]] },
    );
  });
});
