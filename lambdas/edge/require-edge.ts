import { ParlorError } from '../../protocol/errors.ts';
import type { EdgeKey } from '../auth/edge-key.ts';

/** What a handler needs to tell whether it was asked through the edge. */
export interface EdgeServices {
  /** Absent where the APIs' own addresses may be used: locally, or as the deployer says. */
  edgeKey?: EdgeKey | undefined;
}

/**
 * Refuses what did not come through the edge, past which there is no web ACL.
 *
 * @param shown the header EDGE_KEY_HEADER
 * @throws ParlorError `direct_access`
 */
export async function requireEdge(
  { edgeKey }: EdgeServices,
  shown: string | undefined,
): Promise<void> {
  if (!edgeKey || (await edgeKey.admits(shown))) return;
  throw new ParlorError('direct_access', "This address is not for clients. Use the chat's own.");
}
