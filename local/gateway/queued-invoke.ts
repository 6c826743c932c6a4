import type { LambdaCall, LambdaInvoke } from './lambda-invoke.ts';
import { type Claim, RefusedError, type WorkQueue } from './work-queue.ts';

/** Whose work a call is, by the event that its handler is to get. */
export type ClaimOf = (call: LambdaCall) => Claim | Promise<Claim>;

const DISCONNECT = '$disconnect';

/** What gateway events say of where they come from. */
interface Origin {
  requestContext: {
    connectionId?: string;
    identity?: { sourceIp: string };
    http?: { sourceIp: string };
  };
}

/** How an end of a connection is claimed: nobody tells of it again, so it waits. */
export const ENDED = { place: DISCONNECT, patient: true } as const;

/** Where nobody says whose work it is: that of a connection, or of what an address asks of a route. */
export const claimOfOrigin: ClaimOf = ({ event, routeKey }) => {
  // Every event of the gateway's has this much.
  const { connectionId, identity, http } = (event as Origin).requestContext;
  const caller = connectionId ?? `${(identity ?? http)?.sourceIp} ${routeKey}`;
  return routeKey === DISCONNECT ? { caller, ...ENDED } : { caller };
};

/** Calls handlers when it is their turn. What is refused was not begun. */
export const queuedInvoke =
  (invoke: LambdaInvoke, queue: WorkQueue, claimOf: ClaimOf): LambdaInvoke =>
  async (call) => {
    const claim = await claimOf(call);
    try {
      return await queue.during(claim, () => invoke(call));
    } catch (error) {
      if (error instanceof RefusedError) return { kind: 'refused', refusal: error.refusal };
      throw error;
    }
  };
