/** What happens while somebody is connected, beside messages. */
export type SessionStep = 'connect' | 'ping' | 'renew' | 'refresh' | 'history' | 'disconnect';

/** What a step takes of DynamoDB. */
export interface StepCost {
  writeUnits: number;
  readUnits: number;
}

/** As metered by metered-session.ts, which a test compares. */
export const SESSION_COST: Record<SessionStep, StepCost> = {
  /** A visit moves in the index of a user's rooms: two of the units are for that. */
  connect: { writeUnits: 7, readUnits: 6.5 },
  /** Every four minutes, as PROTOCOL.md has it. */
  ping: { writeUnits: 1, readUnits: 2 },
  /** A fresh token over the socket, once in the life of another issuer's token. */
  renew: { writeUnits: 4, readUnits: 2 },
  /** Over REST, before the socket is opened: the refresh token traded for an access token. */
  refresh: { writeUnits: 1, readUnits: 1 },
  /** A page of 50 messages. */
  history: { writeUnits: 0, readUnits: 9 },
  disconnect: { writeUnits: 3, readUnits: 1 },
};

export const PING_MINUTES = 4;
