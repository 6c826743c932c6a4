/** What happens while somebody is connected, beside messages. */
export type SessionStep = 'connect' | 'ping' | 'renew' | 'refresh' | 'history' | 'disconnect';

/** What a step takes of DynamoDB. */
export interface StepCost {
  writeUnits: number;
  readUnits: number;
}

/** As metered by metered-session.ts, which a test compares. */
export const SESSION_COST: Record<SessionStep, StepCost> = {
  connect: { writeUnits: 5, readUnits: 6.5 },
  /** Every four minutes, as PROTOCOL.md has it. */
  ping: { writeUnits: 1, readUnits: 1 },
  /** A fresh token over the socket, once in the life of another issuer's token. */
  renew: { writeUnits: 4, readUnits: 2 },
  /** Over REST, before the socket is opened: the refresh token traded for an access token. */
  refresh: { writeUnits: 1, readUnits: 1 },
  /** A page of 50 messages. */
  history: { writeUnits: 0, readUnits: 8 },
  disconnect: { writeUnits: 3, readUnits: 1 },
};

/** A visit moves in the index of a user's rooms: DynamoDB deletes and puts, which no meter shows. */
export const INDEX_WRITES_PER_CONNECT = 2;

export const PING_MINUTES = 4;
