import { useConnection } from '../../client/react/index.ts';
import { WarningIcon } from './icons.tsx';
import { useLasting } from './use-lasting.ts';
import { useNetwork } from './use-network.ts';

/** Shorter cuts are nobody's business: they are over before one has read about them. */
const PATIENCE_MS = 1_200;

/** Says that there is no connection, and what that means for the reader. */
export function ConnectionNotice() {
  const connection = useConnection();
  const { status } = connection;
  const network = useNetwork();
  // A socket takes a while to notice that the network is gone; the browser knows at once.
  const without = status === 'offline' || status === 'connecting' || !network;
  const cut = useLasting(without && status !== 'closed', PATIENCE_MS);
  const over = status === 'closed' ? connection.error : undefined;
  return (
    <div role="status" aria-label="Connection">
      {cut && (
        <p className="banner">
          <span className="lamp" data-lit="searching" />
          {status === 'connecting' && network ? 'Connecting…' : 'No connection. Trying again…'}
          <span className="banner-more"> What you write is kept, and sent when it is back.</span>
        </p>
      )}
      {over && over.code !== 'signed_out' && (
        <p className="banner" data-kind="over">
          <WarningIcon />
          {over.message}
          <button type="button" className="quiet-button" onClick={() => location.reload()}>
            Connect again
          </button>
        </p>
      )}
    </div>
  );
}
