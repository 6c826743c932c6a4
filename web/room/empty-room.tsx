import type { RoomState } from '../../client/index.ts';
import type { useMessages } from '../../client/react/index.ts';
import { useLasting } from '../app/use-lasting.ts';

interface EmptyRoomProps {
  name: string;
  timeline: ReturnType<typeof useMessages>;
  state: RoomState;
}

/** What stands where no message is: an invitation, or, if reading takes a while, that it does. */
export function EmptyRoom({ name, timeline, state }: EmptyRoomProps) {
  const { messages, pending, loading, hasOlder, error } = timeline;
  const nothing = messages.length === 0 && pending.length === 0 && state.status !== 'refused';
  // Without a connection nothing is read: ConnectionNotice tells.
  const asked = nothing && loading !== 'no' && state.status !== 'offline';
  const reading = useLasting(asked, 500);
  // What went wrong, LoadProblem tells.
  if (!nothing || hasOlder || error || state.error) return null;
  if (loading !== 'no') return reading ? <p className="empty-room">Reading…</p> : null;
  return state.upTo > 0 ? <Expired name={name} /> : <NeverSpoken name={name} />;
}

function NeverSpoken({ name }: { name: string }) {
  return (
    <div className="empty-room">
      <p className="empty-title">
        <span>Nobody has spoken in </span>
        <bdi translate="no">{name}</bdi>
        <span> yet.</span>
      </p>
      <p>Say hello: whoever comes later will find it here, and the room is on your list.</p>
      <p>Did you expect others here? Then look at the name once more.</p>
    </div>
  );
}

function Expired({ name }: { name: string }) {
  return (
    <div className="empty-room">
      <p className="empty-title">
        <span>What was said in </span>
        <bdi translate="no">{name}</bdi>
        <span> has expired.</span>
      </p>
      <p>Messages are kept here for a time only.</p>
    </div>
  );
}
