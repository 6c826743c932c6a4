import { describe, expect, test } from '@jest/globals';
import { emojiRuns, isEmojiOnly } from '../../web/room/emoji-text.ts';
import { stretchesOf } from '../../web/room/links.ts';

const urls = (text: string) => stretchesOf(text).flatMap(({ url }) => url ?? []);

describe('the links of a message', () => {
  test('are its web addresses, without what ends the sentence', () => {
    expect(stretchesOf('See https://a.example/b(c)?d=e#f, and http://localhost:8000/x.')).toEqual([
      { text: 'See ' },
      { text: 'https://a.example/b(c)?d=e#f', url: 'https://a.example/b(c)?d=e#f' },
      { text: ', and ' },
      { text: 'http://localhost:8000/x', url: 'http://localhost:8000/x' },
      { text: '.' },
    ]);
  });

  test('leave nothing empty around them', () => {
    const url = 'https://a.example/';
    expect(stretchesOf(url)).toEqual([{ text: url, url }]);
    expect(stretchesOf('')).toEqual([{ text: '' }]);
  });

  test('are never what runs a script, or is no web address', () => {
    for (const text of [
      ...['javascript:alert(1)', 'JaVaScRiPt://%0aalert(1)', 'data:text/html,<b>', 'file:///etc'],
      ...['vbscript:x', 'mailto:a@b.example', 'a@b.example', 'ftp://a.example', '//a.example'],
      ...['example.com', 'blob:https://a.example/x', 'chrome://settings', 'http://', 'https:///x'],
    ]) {
      for (const url of urls(text)) expect(url).toMatch(/^https?:\/\//);
      if (!text.includes('https://')) expect(urls(text)).toEqual([]);
    }
  });

  test('leave every character of the text as it was', () => {
    for (const text of [
      ...['', ' ', '\n\n', '<b>https://a.example</b>', 'https://a.example https://b.example'],
      ...['‮https://a.example‬', '👩‍👩‍👧 https://a.example/👩‍👩‍👧', 'x'.repeat(8_000)],
    ]) {
      expect(
        stretchesOf(text)
          .map((stretch) => stretch.text)
          .join(''),
      ).toBe(text);
    }
  });

  test('are found fast in what was made to be slow', () => {
    const began = performance.now();
    for (const text of [
      'http://'.repeat(1_140),
      `http://${'a.'.repeat(3_990)}`,
      '('.repeat(8_000),
    ]) {
      stretchesOf(text);
    }
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('a message of emoji', () => {
  test('is one of up to six, and nothing else', () => {
    for (const text of ['👍', '👩‍👩‍👧', '🏳️‍🌈 🇩🇪', '❤️', '👍🏽👍🏽👍🏽', '👍👍👍👍👍👍']) {
      expect([text, isEmojiOnly(text)]).toEqual([text, true]);
    }
    for (const text of ['', ' ', '1', '#', 'ok 👍', '👍'.repeat(7), '🇩', '©']) {
      expect([text, isEmojiOnly(text)]).toEqual([text, false]);
    }
  });
});

describe('a text with emoji in it', () => {
  test('is cut around them, and is the same text together', () => {
    expect(emojiRuns('hi 👋🏽🎉, you')).toEqual(['hi ', '👋🏽🎉', ', you']);
    expect(emojiRuns('❤️')).toEqual(['', '❤️', '']);
    expect(emojiRuns('👩‍👩‍👧‍👦 🇩🇪')).toEqual(['', '👩‍👩‍👧‍👦', ' ', '🇩🇪', '']);
  });

  test('has none in digits, signs and letters', () => {
    for (const text of ['', '1 2 3 # * ©', 'naïve 漢字 ☺']) expect(emojiRuns(text)).toEqual([text]);
  });
});
