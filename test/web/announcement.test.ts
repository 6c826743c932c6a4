import { describe, expect, test } from '@jest/globals';
import { announcementOf } from '../../web/room/announcement.ts';

const say = (sender: string, content = 'hi') => ({ sender, content });

describe('what a screen reader says', () => {
  test('is who says what', () => {
    expect(announcementOf([say('bob', 'hello')])).toBe('bob: hello');
    expect(announcementOf([say('bob', 'one'), say('carol', 'two')])).toBe('bob: one. carol: two');
  });

  test('is only how many, when many come at once', () => {
    expect(announcementOf(['bob', 'carol', 'bob', 'bob'].map((name) => say(name)))).toBe(
      '4 new messages from bob, carol',
    );
    expect(announcementOf(['a', 'b', 'c', 'd'].map((name) => say(name)))).toBe(
      '4 new messages from 4 people',
    );
  });

  test('is not a whole book, nor half a character', () => {
    const told = announcementOf([say('bob', '👩'.repeat(4_000))]);
    expect(told).toBe(`bob: ${'👩'.repeat(300)} …`);
  });
});
