import { type Ref, useCallback, useImperativeHandle, useMemo } from 'react';
import { Virtualizer } from 'virtua';
import type { Room } from '../../client/index.ts';
import type { useMessages } from '../../client/react/index.ts';
import { LineView } from './line-view.tsx';
import { type Line, settingOf } from './lines.ts';
import { useRoving } from './use-roving.ts';
import { useScroll } from './use-scroll.ts';
import { useShape } from './use-shape.ts';
import { useTopDay } from './use-top-day.ts';

export interface MessageListHandle {
  toEnd(): void;
  /** Puts the focus on the newest line. */
  focusNewest(): void;
}

interface MessageListProps {
  ref: Ref<MessageListHandle>;
  room: Room;
  lines: readonly Line[];
  timeline: ReturnType<typeof useMessages>;
  /** The line "new" stands above the first message after this seq. */
  unreadAfter: number | undefined;
  target: { readonly seq: number } | undefined;
  onAtEnd: (atEnd: boolean) => void;
  /** The keys lead out of the list, to where one writes. */
  onLeave: () => void;
}

/** The room's messages: only those on the screen, and a few beyond, are in the document. */
export function MessageList(props: MessageListProps) {
  const { ref, room, lines, timeline, unreadAfter, target, onAtEnd, onLeave } = props;
  const { hasOlder, hasNewer, loading, error, loadOlder, loadNewer } = timeline;
  const shape = useShape(lines);
  const unread = useMemo(() => firstUnread(lines, unreadAfter), [lines, unreadAfter]);
  const scroll = useScroll({
    ...{ lines, shape, hasOlder, hasNewer, target, onAtEnd },
    busy: loading !== 'no' || error !== undefined,
    loadOlder: useCallback(() => void loadOlder(), [loadOlder]),
    loadNewer: useCallback(() => void loadNewer(), [loadNewer]),
    startAt: useCallback(() => (unread > 0 ? unread : undefined), [unread]),
  });
  const { scroller, list, toEnd } = scroll;
  const roving = useRoving({ lines, scroller, list, onLeave });
  const { focusNewest } = roving;
  const { day, look } = useTopDay(lines, list);
  const onScroll = () => {
    scroll.onScroll();
    look();
  };
  useImperativeHandle(ref, () => ({ toEnd, focusNewest }), [toEnd, focusNewest]);

  return (
    <>
      {/* What comes is told by Announcements: here history would be read out as well. */}
      <div
        ref={scroller}
        className="log"
        role="log"
        aria-live="off"
        aria-label="Messages"
        aria-busy={loading !== 'no'}
        onKeyDown={roving.onKeyDown}
        onFocus={roving.onFocus}
        onBlur={roving.onBlur}
        onWheel={scroll.onTouch}
        onTouchMove={scroll.onTouch}
      >
        <div className="log-fill" />
        {lines.length > 0 && (
          <Virtualizer
            key={shape.generation}
            ref={list}
            as="ol"
            item="li"
            data={lines}
            shift={shape.shift}
            bufferSize={600}
            keepMounted={roving.keepMounted}
            onScroll={onScroll}
            onScrollEnd={scroll.onScrollEnd}
            onResize={scroll.onResize}
          >
            {(line: Line, index: number) => (
              <LineView
                key={line.key}
                room={room}
                line={line}
                {...settingOf(line, lines[index - 1], hasOlder)}
                opens={index === 0 && !hasOlder}
                unread={index === unread}
                last={index === lines.length - 1}
                active={index === roving.active}
                shown={line.seq !== undefined && line.seq === target?.seq}
              />
            )}
          </Virtualizer>
        )}
      </div>
      {day && (
        <p className="top-day" aria-hidden="true">
          {day}
        </p>
      )}
    </>
  );
}

/** Index of the line above which "new" stands, -1 without one. */
function firstUnread(lines: readonly Line[], after: number | undefined): number {
  if (after === undefined) return -1;
  const index = lines.findIndex(({ seq, own }) => seq !== undefined && seq > after && !own);
  // At the very start of the window nobody knows whether those before it were read.
  return index === 0 && lines[0]?.seq !== after + 1 ? -1 : index;
}
