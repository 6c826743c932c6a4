/*
 * Characters that nobody sees, beside white space: those that Unicode calls ignorable where they
 * can't be shown (U+200B, U+2060, U+00AD, fillers, joiners, variation selectors), control
 * characters, and some that it counts among letters and symbols: the blank of Braille, those of
 * hieroglyphs, the fillers of Khitan and of notes, the marks around annotations.
 */

const SHOWS = /[^\p{space}\p{DI}\p{Cc}\u2800\ufff9-\ufffb\u{13441}\u{13442}\u{16fe4}\u{1d159}]/u;

/** The same characters, but those that are white space. */
const UNSEEN =
  /(?!\p{space})[\p{DI}\p{Cc}\u2800\ufff9-\ufffb\u{13441}\u{13442}\u{16fe4}\u{1d159}]/gu;

/**
 * Whether nothing of a text shows, so that it says nothing: a message, or a name, of white space
 * and of characters that nobody sees.
 *
 * @example isBlank(' \u200b\u3164') === true
 */
export const isBlank = (text: string): boolean => !SHOWS.test(text);

/** A text without what nobody sees; white space stays, for it parts words. */
export const withoutUnseen = (text: string): string => text.replaceAll(UNSEEN, '');

/** Whether a text holds something that nobody sees: a name by which it would pass for another. */
export const holdsUnseen = (text: string): boolean => withoutUnseen(text) !== text;
