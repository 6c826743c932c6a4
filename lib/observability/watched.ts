import type { Audit } from '../audit.ts';
import type { Canary } from '../canary.ts';
import type { FanOut } from '../fan-out.ts';
import type { ParlorFunction } from '../parlor-function.ts';
import type { RestApi } from '../rest-api.ts';
import type { SocketApi } from '../socket-api.ts';
import type { ChatTable } from '../table.ts';
import type { TokenExpiry } from '../token-expiry.ts';

/** What is watched: the parts of one stage. */
export interface Watched {
  /** All of them. */
  functions: readonly ParlorFunction[];
  /**
   * Those whose answer a client waits for. Where the account is at its limit, they feel it; each
   * other one has an alarm that rings when it does not come.
   */
  awaited: readonly ParlorFunction[];
  fanOut: FanOut;
  audit: Audit;
  tokenExpiry: TokenExpiry;
  canary: Canary | undefined;
  rest: RestApi;
  socket: SocketApi;
  table: ChatTable;
}
