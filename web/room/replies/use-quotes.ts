import { useEffect, useLayoutEffect, useMemo } from 'react';
import type { Message, Room } from '../../../client/index.ts';
import { Quotes } from './quotes.ts';

/** What the messages of a room answer. */
export function useQuotes(room: Room, messages: readonly Message[], live: boolean): Quotes {
  const quotes = useMemo(() => new Quotes(room), [room]);
  // In time for the lines of this picture; the same however often it is drawn.
  useMemo(() => {
    quotes.window = messages;
  }, [quotes, messages]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: Other messages may be those that are quoted.
  useLayoutEffect(() => quotes.tell(), [quotes, messages]);
  useEffect(() => room.on('reset', () => quotes.forget()), [room, quotes]);
  useEffect(() => room.on('change', (change) => quotes.follow(change)), [room, quotes]);
  useEffect(() => {
    if (live) quotes.retry();
  }, [live, quotes]);
  return quotes;
}
