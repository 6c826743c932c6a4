import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  answeringOf,
  draftOf,
  forgetDrafts,
  keepAnswering,
  keepDraft,
} from '../../web/composer/drafts.ts';
import { tidied } from '../../web/composer/tidied.ts';
import { fakeLocalStorage } from './fake-local-storage.ts';

describe('what is written', () => {
  test('is sent without empty lines around it, and with the indent of its first line', () => {
    expect(tidied('\n  \n  one\n\n  two \n\n')).toBe('  one\n\n  two');
    expect(tidied(' \n\t\n ')).toBe('');
  });

  test('is nothing when nothing of it shows', () => {
    expect(tidied('\u200b\u2060\n\u3164\u2800\u00ad')).toBe('');
    expect(tidied('\u001b\u0092')).toBe('');
  });

  test('has lines where line breaks were pasted that nobody sees, and no other controls', () => {
    expect(tidied('a\u000bb\u000c')).toBe('a\nb');
    expect(tidied('it\u0092s \u001bfine')).toBe('its fine');
  });
});

describe('a draft', () => {
  const browser = fakeLocalStorage();
  beforeAll(browser.install);
  beforeEach(() => browser.stored.clear());
  afterAll(browser.remove);

  test('keeps which message it answers, until it is sent or its writer logs out', () => {
    keepAnswering('alice', 'lobby', 7);
    expect(answeringOf('alice', 'lobby')).toBe(7);
    expect(draftOf('alice', 'lobby')).toBe('');
    expect([answeringOf('alice', 'salon'), answeringOf('bob', 'lobby')]).toEqual([
      undefined,
      undefined,
    ]);
    keepAnswering('alice', 'lobby', undefined);
    expect(answeringOf('alice', 'lobby')).toBeUndefined();
    keepAnswering('alice', 'lobby', 7);
    forgetDrafts('alice');
    expect(answeringOf('alice', 'lobby')).toBeUndefined();
  });

  test('is kept for each room and person', () => {
    keepDraft('alice', 'lobby', 'hello ');
    keepDraft('alice', 'garden', 'roses');
    expect(draftOf('alice', 'lobby')).toBe('hello ');
    expect(draftOf('alice', 'garden')).toBe('roses');
    expect(draftOf('bob', 'lobby')).toBe('');
  });

  test('of nothing but white space is none', () => {
    keepDraft('alice', 'lobby', 'hello');
    keepDraft('alice', 'lobby', ' \n\u200b');
    expect(browser.stored.size).toBe(0);
  });

  test('goes with its writer, and nobody else’s does', () => {
    keepDraft('al', 'lobby', 'one');
    keepDraft('alice', 'lobby', 'two');
    forgetDrafts('al');
    expect(draftOf('al', 'lobby')).toBe('');
    expect(draftOf('alice', 'lobby')).toBe('two');
  });

  test('is no reason to fail where the browser keeps nothing', () => {
    browser.refuse();
    expect(() => keepDraft('alice', 'lobby', 'hello')).not.toThrow();
    expect(draftOf('alice', 'lobby')).toBe('');
    expect(() => forgetDrafts('alice')).not.toThrow();
  });
});
