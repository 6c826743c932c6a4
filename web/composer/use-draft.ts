import { type RefObject, useEffect, useMemo } from 'react';
import { session } from '../app/session.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { fitHeight } from './fit-height.ts';

const QUIET_MS = 300;

export interface Draft {
  readonly initial: string;
  /** The field holds another text. */
  readonly changed: () => void;
  /** Keeps it at once: what was sent must not come back with a reload. */
  readonly flush: () => void;
}

/** Keeps what is written in a room until it is sent, also over a reload. */
export function useDraft(
  username: string,
  room: string,
  field: RefObject<HTMLTextAreaElement | null>,
): Draft {
  const draft = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let latest = '';
    const flush = () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      // Of who has logged out, here or in another tab, nothing is kept.
      if (session.username === username) keepDraft(username, room, latest);
    };
    const changed = () => {
      if (!field.current) return;
      fitHeight(field.current);
      latest = field.current.value;
      clearTimeout(timer);
      timer = setTimeout(flush, QUIET_MS);
    };
    return { initial: draftOf(username, room), changed, flush };
  }, [username, room, field]);

  useEffect(() => {
    if (field.current) fitHeight(field.current);
    addEventListener('pagehide', draft.flush);
    return () => {
      removeEventListener('pagehide', draft.flush);
      draft.flush();
    };
  }, [draft, field]);
  return draft;
}
