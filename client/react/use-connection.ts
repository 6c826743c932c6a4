import { useCallback, useSyncExternalStore } from 'react';
import type { ConnectionState } from '../types.ts';
import { useParlor } from './parlor-context.ts';

/** What the connection is doing. */
export function useConnection(): ConnectionState {
  const client = useParlor();
  const subscribe = useCallback((changed: () => void) => client.on('state', changed), [client]);
  const current = () => client.state;
  return useSyncExternalStore(subscribe, current, current);
}
