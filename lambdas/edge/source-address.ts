import { isIP } from 'node:net';
import type { EdgeServices } from './require-edge.ts';

/**
 * The header in which the edge says from which address a request came to it. It writes over whatever
 * a client sends there.
 */
export const VIEWER_ADDRESS_HEADER = 'x-parlor-viewer-address';

/** What a request says of where it came from. */
export interface Arrival {
  /** Who is connected to API Gateway: the client, or a machine of the edge. */
  sourceIp: string | undefined;
  /** VIEWER_ADDRESS_HEADER. */
  told: string | undefined;
}

/**
 * The address of the client, for the log and for counting. Ask after `requireEdge` only: the header
 * counts where nobody can get past the edge, which wrote it. Elsewhere anybody may have.
 *
 * @returns an IPv4 or IPv6 address; undefined where none is known
 */
export function sourceAddressOf(
  { edgeKey }: EdgeServices,
  { sourceIp, told }: Arrival,
): string | undefined {
  const candidates = edgeKey ? [told, sourceIp] : [sourceIp];
  return candidates.find((address) => address !== undefined && isIP(address) !== 0);
}
