import type { PendingMessage, Room } from '../../client/index.ts';
import { WarningIcon } from '../app/icons.tsx';

interface DeliveryProps {
  message: PendingMessage;
  room: Room;
}

const ON_ITS_WAY = {
  queued: 'Waits for the connection',
  sending: 'Sending…',
  stored: 'Sent',
} as const;

/** Where a message of one's own stands that the others don't see yet. */
export function Delivery({ message, room }: DeliveryProps) {
  const { status, clientId, error } = message;
  if (status !== 'failed') return <p className="delivery">{ON_ITS_WAY[status]}</p>;
  return (
    <div className="delivery" data-failed>
      <p>
        <WarningIcon />
        <strong>Not sent.</strong> {error?.message}
      </p>
      <button type="button" className="quiet-button" onClick={() => room.retry(clientId)}>
        Try again
      </button>
      <button type="button" className="quiet-button" onClick={() => room.discard(clientId)}>
        Discard
      </button>
    </div>
  );
}
