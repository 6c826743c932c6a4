import { useCallback, useMemo, useRef, useState } from 'react';
import { useMessages, useParlor, useRoom } from '../../client/react/index.ts';
import { type Place, pathOfRoom } from '../app/places.ts';
import { navigate } from '../app/router.ts';
import { useSignedIn } from '../app/signed-in-context.ts';
import { Composer, type ComposerHandle } from '../composer/composer.tsx';
import { Announcements } from './announcements.tsx';
import { EmptyRoom } from './empty-room.tsx';
import { JumpToLatest } from './jump-to-latest.tsx';
import { Lines } from './lines.ts';
import { LoadProblem } from './load-problem.tsx';
import { MessageList, type MessageListHandle } from './message-list.tsx';
import { NewSince } from './new-since.tsx';
import { unseenOf } from './reading.ts';
import { Refused } from './refused.tsx';
import { RepliesContext } from './replies/replies-context.ts';
import { useAnswering } from './replies/use-answering.ts';
import { useQuotes } from './replies/use-quotes.ts';
import { RoomHeader } from './room-header.tsx';
import { useReading } from './use-reading.ts';
import { useTarget } from './use-target.ts';

interface RoomViewProps {
  name: string;
  /** Of the address: a new object each time one goes somewhere, maybe to a message of this room. */
  place: Extract<Place, { page: 'room' }>;
}

/** A room: who said what in it, and where one says something. */
export function RoomView({ name, place }: RoomViewProps) {
  const { username } = useSignedIn();
  const client = useParlor();
  const { room, state } = useRoom(name, { stay: true });
  const timeline = useMessages(room);
  const { messages, pending, hasNewer, jumpToLatest } = timeline;
  const list = useRef<MessageListHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  // Unless the address leads elsewhere.
  const [atEnd, setAtEnd] = useState(place.seq === undefined);

  const makeLines = useMemo(() => new Lines(username), [username]);
  const lines = useMemo(
    () => makeLines.of(messages, hasNewer ? [] : pending),
    [makeLines, messages, pending, hasNewer],
  );
  const { target, lead } = useTarget(place, timeline.jumpTo);
  const led = target !== undefined && messages.every((message) => message.seq !== target.seq);
  const reading = useReading(room.name, state, atEnd && !hasNewer && !led);
  const { pass, said } = reading;

  const { seq } = place;
  const toEnd = useCallback(async () => {
    pass();
    // A reader who went on from the message that the address led to does not want to be led there again.
    if (seq !== undefined) navigate(pathOfRoom(name), { replace: true });
    await jumpToLatest();
    list.current?.toEnd();
  }, [jumpToLatest, name, seq, pass]);
  const quotes = useQuotes(room, messages, state.status === 'live');
  const [answering, answer] = useAnswering(username, room.name);
  const refused = state.status === 'refused';
  const replies = useMemo(() => {
    const reply = (to: number) => {
      answer(to);
      composer.current?.focus();
    };
    return { quotes, reply: refused ? undefined : reply };
  }, [quotes, answer, refused]);
  const say = useCallback(
    (content: string) => {
      // It is over, for a reason that ConnectionNotice tells: no line would stand for it.
      if (client.state.status === 'closed') return false;
      // What becomes of it is told by the line that stands for it.
      room.send(content, answering === undefined ? {} : { replyTo: answering }).catch(() => {});
      answer(undefined);
      said();
      void toEnd();
      return true;
    },
    [client, room, answering, answer, said, toEnd],
  );
  const toComposer = useCallback(() => composer.current?.focus(), []);
  const cancelAnswering = useCallback(() => answer(undefined), [answer]);
  const toNewest = useCallback(() => list.current?.focusNewest(), []);

  return (
    <RepliesContext value={replies}>
      <section className="room" aria-label={`Room ${room.name}`}>
        <RoomHeader room={room} status={state.status} />
        <div className="room-body">
          <NewSince {...{ room, messages, reading, lead, toComposer }} />
          <MessageList
            ref={list}
            room={room}
            lines={lines}
            timeline={timeline}
            reading={reading}
            target={target}
            onAtEnd={setAtEnd}
            onLeave={toComposer}
          />
          <EmptyRoom name={room.name} timeline={timeline} state={state} />
          <LoadProblem room={room} state={state} timeline={timeline} target={target} />
          {(!atEnd || hasNewer) && <JumpToLatest fresh={unseenOf(reading)} jump={toEnd} />}
        </div>
        {refused ? (
          <Refused error={state.error} name={room.name} />
        ) : (
          <Composer
            ref={composer}
            room={room.name}
            username={username}
            say={say}
            answering={answering}
            cancelAnswering={cancelAnswering}
            onUp={toNewest}
            onEscape={toEnd}
          />
        )}
        <Announcements room={room} username={username} />
      </section>
    </RepliesContext>
  );
}
