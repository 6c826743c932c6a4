import { CloseIcon } from '../../app/icons.tsx';
import { QuotedWords } from './quote.tsx';
import { useQuoted } from './replies-context.ts';

interface AnsweringProps {
  seq: number;
  id: string;
  cancel: () => void;
}

/** Stands above what one writes: which message it will answer. */
export function Answering({ seq, id, cancel }: AnsweringProps) {
  const quoted = useQuoted(seq);
  return (
    <div className="answering">
      <p id={id} role="status">
        <span>Reply to</span>
        <QuotedWords quoted={quoted} />
      </p>
      <button
        type="button"
        className="icon-button"
        aria-label="Cancel reply"
        title="Cancel reply (Escape)"
        onClick={cancel}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
