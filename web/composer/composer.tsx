import {
  type FormEvent,
  type KeyboardEvent,
  memo,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { contentProblem } from '../../client/content-problem.ts';
import { SendIcon } from '../app/icons.tsx';
import { isComposing } from '../app/is-composing.ts';
import { Answering } from '../room/replies/answering.tsx';
import { empty, typeInto } from './edit.ts';
import { EmojiButton } from './emoji-button.tsx';
import { tidied } from './tidied.ts';
import { useDraft } from './use-draft.ts';

export interface ComposerHandle {
  focus(): void;
}

interface ComposerProps {
  ref: Ref<ComposerHandle>;
  room: string;
  username: string;
  /** @returns whether it was taken; else it stays where it was written */
  say: (content: string) => boolean;
  /** The seq of the message that is answered. */
  answering: number | undefined;
  cancelAnswering: () => void;
  /** ArrowUp where nothing is written leads to the messages. */
  onUp: () => void;
  onEscape: () => void;
}

/**
 * Where one writes. The text is the field's own: a key that is pressed renders nothing, however
 * long the list above is.
 */
export const Composer = memo(function Composer(props: ComposerProps) {
  const { ref, room, username, say, answering, cancelAnswering, onUp, onEscape } = props;
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<string>();
  const draft = useDraft(username, room, field);

  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  useEffect(() => {
    // On a touch screen this would open the keyboard over the room that one came to read.
    if (matchMedia('(hover: hover)').matches) field.current?.focus();
  }, []);

  const send = () => {
    const written = field.current;
    if (!written) return;
    const content = tidied(written.value);
    const found = content === '' ? undefined : contentProblem(content);
    setProblem(found?.message);
    if (content !== '' && !found && say(content)) {
      empty(written);
      draft.flush();
    }
    written.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const pressed = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'Escape' && answering !== undefined) cancelAnswering();
    else if (event.key === 'Escape') onEscape();
    else if (event.key === 'ArrowUp' && field.current?.value === '') onUp();
    else return;
    event.preventDefault();
  };
  const written = () => {
    draft.changed();
    if (problem) setProblem(undefined);
  };
  const insert = useCallback((emoji: string) => {
    if (field.current) typeInto(field.current, emoji);
  }, []);

  return (
    <form className="composer" onSubmit={submit} aria-label="New message">
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {answering !== undefined && (
        <Answering
          id={id}
          seq={answering}
          cancel={() => {
            cancelAnswering();
            field.current?.focus();
          }}
        />
      )}
      <div className="composer-box">
        <EmojiButton pick={insert} />
        <textarea
          ref={field}
          name="content"
          rows={1}
          dir="auto"
          aria-describedby={answering === undefined ? undefined : id}
          aria-label={`Message to ${room}`}
          placeholder={`Say something in ${room}`}
          enterKeyHint="send"
          defaultValue={draft.initial}
          onKeyDown={pressed}
          onInput={written}
        />
        <button type="submit" className="send" aria-label="Send" title="Send (Enter)">
          <SendIcon />
        </button>
      </div>
      <p className="composer-hint" aria-hidden="true">
        <kbd>Enter</kbd>
        <span> sends, </span>
        <kbd>Shift Enter</kbd>
        <span> breaks the line</span>
      </p>
    </form>
  );
});
