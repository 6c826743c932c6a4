import { memo, useId } from 'react';
import type { Room } from '../../client/index.ts';
import { CopyLink } from './copy-link.tsx';
import { DayMark } from './day-mark.tsx';
import { Delivery } from './delivery.tsx';
import type { Line, LineSetting } from './lines.ts';
import { MessageText } from './message-text.tsx';
import { nameColour } from './name-colour.ts';
import { Quote } from './replies/quote.tsx';
import { ReplyButton } from './replies/reply-button.tsx';
import { clockTime, fullTime } from './times.ts';

interface LineViewProps extends LineSetting {
  room: Room;
  line: Line;
  /** Nothing older is there. */
  opens: boolean;
  /** The first that has not been read. */
  unread: boolean;
  last: boolean;
  /** Tab leads to it. */
  active: boolean;
  /** A link led to it. */
  shown: boolean;
}

/** A message with what stands above it: where the room begins, a new day, what is new. */
export const LineView = memo(function LineView(props: LineViewProps) {
  const { room, line, leads, newDay, opens, unread, last, active, shown } = props;
  const { sender, own, content, replyTo, kind, at, seq, pending, editedAt, deletedBy } = line;
  const id = useId();
  const time = new Date(at).toISOString();
  const { hue, tone } = nameColour(sender);
  return (
    <div className="line-box" data-last={last || undefined}>
      {opens && (
        <p className="opening">
          {/* Without the first message, the room has others that have expired. */}
          <span>{(seq ?? 1) > 1 ? 'Older messages have expired in ' : 'Here begins '}</span>
          <bdi translate="no">{room.name}</bdi>
          <span>.</span>
        </p>
      )}
      {newDay && <DayMark at={at} />}
      {unread && <p className="unread-mark">New</p>}
      <article
        className="line"
        aria-labelledby={`${id}-sender ${id}-above ${id}-words ${id}-time`}
        tabIndex={active ? 0 : -1}
        data-key={line.key}
        data-own={own || undefined}
        data-leads={leads || unread || undefined}
        data-status={pending?.status}
        data-shown={shown || undefined}
      >
        <p className="sender" id={`${id}-sender`} data-hue={hue} data-tone={tone}>
          <bdi translate="no">{sender}</bdi>
        </p>
        {(replyTo !== undefined || kind !== undefined) && (
          <p className="above-words" id={`${id}-above`}>
            {replyTo !== undefined && <Quote room={room.name} seq={replyTo} reachable={active} />}
            {kind !== undefined && (
              <span className="kind" translate="no">
                {kind}
              </span>
            )}
          </p>
        )}
        {deletedBy === undefined ? (
          <MessageText id={`${id}-words`} text={content} />
        ) : (
          <p id={`${id}-words`} className="words deleted">
            {deletedBy === sender ? (
              'Deleted.'
            ) : (
              <>
                <span>Deleted by </span>
                <bdi translate="no">{deletedBy}</bdi>
                <span>.</span>
              </>
            )}
          </p>
        )}
        <p className="line-side">
          {seq !== undefined && deletedBy === undefined && (
            <>
              <ReplyButton seq={seq} reachable={active} />
              <CopyLink room={room.name} seq={seq} reachable={active} />
            </>
          )}
          {editedAt !== undefined && (
            <span className="edited" title={`Changed ${fullTime(editedAt)}`}>
              edited
            </span>
          )}
          <time id={`${id}-time`} dateTime={time} title={fullTime(at)}>
            {clockTime(at)}
          </time>
        </p>
        {pending && <Delivery message={pending} room={room} />}
      </article>
    </div>
  );
});
