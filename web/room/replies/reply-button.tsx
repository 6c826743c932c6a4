import { ReplyIcon } from '../../app/icons.tsx';
import { useReplies } from './replies-context.ts';

/** Begins a reply to a message. */
export function ReplyButton({ seq, reachable }: { seq: number; reachable: boolean }) {
  const { reply } = useReplies();
  if (!reply) return null;
  return (
    <button
      type="button"
      className="icon-button line-action"
      aria-label="Reply"
      aria-keyshortcuts="R"
      title="Reply (R)"
      tabIndex={reachable ? 0 : -1}
      onClick={() => reply(seq)}
    >
      <ReplyIcon />
    </button>
  );
}
