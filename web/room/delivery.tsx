import type { PendingMessage, Room } from '../../client/index.ts';
import { WarningIcon } from '../app/icons.tsx';
import { useReachable } from '../app/use-reachable.ts';

interface DeliveryProps {
  message: PendingMessage;
  room: Room;
}

/** Where a message of one's own stands that the others don't see yet. */
export function Delivery({ message, room }: DeliveryProps) {
  const { status, clientId, error } = message;
  const reachable = useReachable();
  if (status !== 'failed') return <p className="delivery">{whereItStands(status, reachable)}</p>;
  return (
    <div className="delivery" data-failed>
      <p>
        <WarningIcon />
        <strong>Not sent.</strong>
        <span>{error?.message}</span>
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

/** While a cut is not noticed, one that was sent is on its way no more than those behind it. */
function whereItStands(status: Exclude<PendingMessage['status'], 'failed'>, reachable: boolean) {
  if (status === 'stored') return 'Sent';
  if (!reachable) return 'Waits for the connection';
  // Behind another one, or because so many at once are too many.
  return status === 'sending' ? 'Sending…' : 'Waits for its turn';
}
