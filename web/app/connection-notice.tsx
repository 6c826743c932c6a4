import { useConnection } from '../../client/react/index.ts';
import { WarningIcon } from './icons.tsx';
import { useLasting } from './use-lasting.ts';
import { useNetwork } from './use-network.ts';
import { useReachable } from './use-reachable.ts';

/** Shorter cuts are nobody's business: they are over before one has read about them. */
const PATIENCE_MS = 1_200;

/** The server's own words are Django's, and the same for programs. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  ['user_inactive', 'This account is disabled. Ask whoever runs this chat, or log out.'],
  ['user_not_found', 'This account is gone. Log out, and come in with another one.'],
]);

/** Of these a new connection would end as well: the account is not let in, or not from here. */
const LASTING: ReadonlySet<string> = new Set([
  'user_inactive',
  'user_not_found',
  'origin_not_allowed',
  'direct_access',
]);

/** Says that there is no connection, and what that means for the reader. */
export function ConnectionNotice() {
  const connection = useConnection();
  const { status } = connection;
  const network = useNetwork();
  // Where no room is asked for, no connection is wanted.
  const wanted = status !== 'closed' && !(status === 'idle' && network);
  const without = !useReachable() && wanted;
  const cut = useLasting(without, PATIENCE_MS);
  const over = status === 'closed' ? connection.error : undefined;
  return (
    <div role="status" aria-label="Connection">
      {cut && (
        <p className="banner">
          <span className="lamp" data-lit="searching" />
          <span>
            {status === 'connecting' && network ? 'Connecting…' : 'No connection. Trying again…'}
          </span>
          <span className="banner-more">What you write is kept, and sent when it is back.</span>
        </p>
      )}
      {over && over.code !== 'signed_out' && (
        <p className="banner" data-kind="over">
          <WarningIcon />
          <span>{SENTENCES.get(over.code) ?? over.message}</span>
          {!LASTING.has(over.code) && (
            <button type="button" className="quiet-button" onClick={() => location.reload()}>
              Connect again
            </button>
          )}
        </p>
      )}
    </div>
  );
}
