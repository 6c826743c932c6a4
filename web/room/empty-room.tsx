import type { useMessages } from '../../client/react/index.ts';
import { useLasting } from '../app/use-lasting.ts';

interface EmptyRoomProps {
  name: string;
  timeline: ReturnType<typeof useMessages>;
  refused: boolean;
}

/** What stands where no message is: an invitation, or, if reading takes a while, that it does. */
export function EmptyRoom({ name, timeline, refused }: EmptyRoomProps) {
  const { messages, pending, loading, hasOlder, error } = timeline;
  const nothing = messages.length === 0 && pending.length === 0 && !refused;
  const reading = useLasting(nothing && loading !== 'no', 500);
  if (!nothing || hasOlder || error) return null;
  if (loading !== 'no') return reading ? <p className="empty-room">Reading…</p> : null;
  return (
    <div className="empty-room">
      <p className="empty-title">
        Nobody has said anything in <bdi>{name}</bdi> yet.
      </p>
      <p>Say hello. Whoever comes later will find it here.</p>
    </div>
  );
}
