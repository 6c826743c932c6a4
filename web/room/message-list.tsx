import {
  type Ref,
  type RefObject,
  useCallback,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
} from 'react';
import { Virtualizer } from 'virtua';
import type { Room } from '../../client/index.ts';
import type { useMessages } from '../../client/react/index.ts';
import { LineView } from './line-view.tsx';
import { firstUnread, type Line, settingOf, type Unread } from './lines.ts';
import { useReplies } from './replies/replies-context.ts';
import type { ReadingUse } from './use-reading.ts';
import { useRoving } from './use-roving.ts';
import { indexOfTarget, useScroll } from './use-scroll.ts';
import { useShape } from './use-shape.ts';
import type { Target } from './use-target.ts';
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
  reading: ReadingUse;
  target: Target | undefined;
  onAtEnd: (atEnd: boolean) => void;
  /** The keys lead out of the list, to where one writes. */
  onLeave: () => void;
}

/** The room's messages: only those on the screen, and a few beyond, are in the document. */
export function MessageList(props: MessageListProps) {
  const { ref, room, lines, timeline, reading, target, onAtEnd, onLeave } = props;
  const { hasOlder, hasNewer, loading, error, loadOlder, loadNewer } = timeline;
  const shape = useShape(lines);
  const { unreadAfter, landing, shown } = reading;
  const unread = useMemo(
    () => firstUnread(lines, unreadAfter, hasOlder),
    [lines, unreadAfter, hasOlder],
  );
  const scroll = useScroll({
    ...{ lines, shape, hasOlder, hasNewer, target, landing, unread, onAtEnd },
    onShown: shown,
    busy: loading !== 'no' || error !== undefined,
    loadOlder: useCallback(() => void loadOlder(), [loadOlder]),
    loadNewer: useCallback(() => void loadNewer(), [loadNewer]),
  });
  const { scroller, list, toEnd } = scroll;
  const { reply } = useReplies();
  const roving = useRoving({ lines, scroller, list, onLeave, onReply: reply });
  const { focusNewest } = roving;
  useFocusOnceLed({ target, lines, unread, scroller, point: roving.point });
  const { day, look } = useTopDay(lines, list);
  const linked = target?.unread ? undefined : target?.seq;
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
        onWheel={scroll.onWheel}
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
                shown={line.seq !== undefined && line.seq === linked}
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

interface Led {
  target: Target | undefined;
  lines: readonly Line[];
  unread: Unread;
  scroller: RefObject<HTMLElement | null>;
  point: (index: number) => void;
}

/** A reader who asked for what is new, or followed a quote, goes on from there by keys. */
function useFocusOnceLed({ target, lines, unread, scroller, point }: Led): void {
  /** Whether the focus is to go to it, asked when one is sent there: the list may be another then. */
  const led = useRef<{ target: Target | undefined; focus: boolean }>({
    ...{ target: undefined, focus: false },
  });
  useLayoutEffect(() => {
    if (target !== led.current.target) {
      const among = scroller.current?.contains(document.activeElement) ?? false;
      led.current = { target, focus: target !== undefined && (target.unread || among) };
    }
    if (!target || !led.current.focus) return;
    const index = indexOfTarget(target, lines, unread);
    if (index === -1) return;
    led.current.focus = false;
    point(index);
  }, [target, lines, unread, scroller, point]);
}
