import type { KeyboardEvent } from 'react';

/** The code of a key that an input method has used up. */
const PROCESSED = 229;

/**
 * Whether a key belongs to an input method, as Enter does that ends a word. Safari tells of that
 * key after the word has ended, so that only its code gives it away (WebKit bug 165004).
 */
export const isComposing = ({ nativeEvent }: KeyboardEvent): boolean =>
  nativeEvent.isComposing || nativeEvent.keyCode === PROCESSED;
