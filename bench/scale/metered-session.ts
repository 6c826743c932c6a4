import { randomBytes } from 'node:crypto';
import { KINDS } from '../../features/kinds.ts';
import { admit } from '../../lambdas/auth/caller.ts';
import { refreshSession } from '../../lambdas/auth/sessions.ts';
import { dynamoAccountStore } from '../../lambdas/aws/account-store.ts';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { dynamoConnectionStore } from '../../lambdas/aws/connection-store.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { dynamoMembershipStore } from '../../lambdas/aws/membership-store.ts';
import { dynamoOverlayStore } from '../../lambdas/aws/overlay-store.ts';
import { systemClock, systemRandom } from '../../lambdas/aws/services.ts';
import { dynamoSessionStore } from '../../lambdas/aws/session-store.ts';
import { headsOf, identify, openConnection } from '../../lambdas/chat/connections.ts';
import { filledIn } from '../../lambdas/chat/counters.ts';
import { readHistory } from '../../lambdas/chat/history.ts';
import { renewToken } from '../../lambdas/chat/token-expiry.ts';
import { pageBound } from '../../lambdas/edge/http/paging.ts';
import { PAGE_DEFAULT } from '../../protocol/limits.ts';
import { sum } from '../measure.ts';
import { meter } from '../quiet-room/meter.ts';
import { benchTokens, createAccounts, openBenchTable } from '../table.ts';
import type { SessionStep, StepCost } from './session.ts';

const ROOM = 'metered';
const USER = 'user-1';
const CONNECTION = 'd1Y6deLooAMCJxA=';
const MINUTE = 60_000;

/** What each step of somebody's being there takes of DynamoDB, as the local database says. */
export async function meterSession(): Promise<Record<SessionStep, StepCost>> {
  const { table, close } = await openBenchTable();
  try {
    await createAccounts(table, [USER]);
    const log = dynamoEventLog(table);
    for (let seq = 1; seq <= 2 * PAGE_DEFAULT; seq++) await log.put(messageAt(seq));
    const tokens = benchTokens(randomBytes(32));
    const ports = {
      ...DEFAULT_SETTINGS,
      log,
      tokens,
      clock: systemClock,
      random: systemRandom,
      accounts: dynamoAccountStore(table),
      sessions: dynamoSessionStore(table),
      connections: dynamoConnectionStore(table),
      memberships: dynamoMembershipStore(table),
      leases: dynamoLeaseStore(table),
      overlays: dynamoOverlayStore(table),
      kinds: KINDS,
      gateway: {
        post: async () => 'delivered' as const,
        isOpen: async () => true,
        close: async () => {},
      },
    };
    const expiresAt = Date.now() + 60 * MINUTE;
    await ports.sessions.open({ id: 'session', userId: USER, current: 'first', expiresAt });
    let refresh = await tokens.refresh(USER, 'session', 'first');
    const admitted = () => admit(ports, USER, 'session');
    const arrive = async (connectionId: string, until: number) => {
      const { account } = await admitted();
      const arrival = { connectionId, account, room: ROOM, authUntil: until };
      await openConnection(ports, { ...arrival, dialect: 'v1', strictExpiry: false });
      await admitted();
    };
    // The second time is what mostly happens: the room is on the user's list.
    await arrive('first', expiresAt);
    await ports.connections.remove('first');

    const calls = meter(table.client);
    const metered = async (step: () => Promise<unknown>): Promise<StepCost> => {
      calls.length = 0;
      await step();
      return {
        writeUnits: sum(calls.map((call) => call.writeUnits)),
        readUnits: sum(calls.map((call) => call.readUnits)),
      };
    };
    // A minute after the one before: frames of a session don't come in a burst.
    let frames = 0;
    const clock = { ...systemClock, now: () => Date.now() + frames * MINUTE };
    const identified = () => {
      frames++;
      return identify({ ...ports, clock }, CONNECTION);
    };
    return {
      connect: await metered(() => arrive(CONNECTION, Date.now() + 5 * MINUTE)),
      ping: await metered(async () => headsOf(ports, await identified())),
      renew: await metered(async () => {
        const connection = await identified();
        await admitted();
        await renewToken(ports.connections, connection, USER, Date.now() + 9 * MINUTE);
      }),
      refresh: await metered(async () => {
        refresh = (await refreshSession(ports, refresh)).refresh ?? refresh;
      }),
      history: await metered(async () => {
        await admitted();
        await ports.memberships.isRemoved(USER, ROOM);
        await readHistory(
          ports,
          ROOM,
          undefined,
          pageBound({}, (event) => event),
        );
      }),
      disconnect: await metered(() => ports.connections.remove(CONNECTION)),
    };
  } finally {
    await close();
  }
}

/** Of the size that the model takes an event for. */
function messageAt(seq: number) {
  const id = `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`;
  return {
    type: 'message' as const,
    room: ROOM,
    seq,
    id,
    userId: USER,
    sender: USER,
    clientId: id,
    payload: { content: 'x'.repeat(100) },
    at: Date.now(),
    ...filledIn(seq, {}),
  };
}
