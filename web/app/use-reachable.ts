import { useConnection } from '../../client/react/index.ts';
import { useNetwork } from './use-network.ts';

/**
 * Whether what is sent now goes out. A socket takes a while to notice that the network is gone; the
 * browser knows at once.
 */
export function useReachable(): boolean {
  const { status } = useConnection();
  return useNetwork() && status === 'online';
}
