import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { Quoted } from './quoted.ts';
import type { Quotes } from './quotes.ts';

/** What a room's lines and its composer know of replies. */
export interface Replies {
  readonly quotes: Quotes;
  /** Begins a reply to a message; undefined where one may not write. */
  readonly reply: ((seq: number) => void) | undefined;
}

export const RepliesContext = createContext<Replies | undefined>(undefined);

export function useReplies(): Replies {
  const replies = useContext(RepliesContext);
  if (!replies) throw new Error('This is shown in no room.');
  return replies;
}

/** A message that is answered, for as long as this is mounted; undefined while it is not known. */
export function useQuoted(seq: number): Quoted | undefined {
  const { quotes } = useReplies();
  const quoted = useSyncExternalStore(quotes.subscribe, () => quotes.get(seq));
  const known = quoted !== undefined;
  useEffect(() => (known ? undefined : quotes.want(seq)), [quotes, seq, known]);
  return quoted;
}
