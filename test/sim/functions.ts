import { BUILT_IN_ONLY } from '../../lambdas/auth/issuer-settings.ts';
import type { Dialect } from '../../lambdas/chat/connection.ts';
import type { ConnectionGateway } from '../../lambdas/chat/ports/connection-gateway.ts';
import { silentMeter } from '../../lambdas/chat/ports/meter.ts';
import type { Relay } from '../../lambdas/chat/ports/relay.ts';
import type { StreamAnswer, StreamEvent } from '../../lambdas/edge/audit.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import type { Code } from './code.ts';
import { dynamoClient } from './dynamo-client.ts';
import type { SimulatedGateway } from './gateway.ts';
import type { Instance } from './instance.ts';
import { SIMULATED_TABLE, type SimulatedTable } from './table.ts';
import type { World } from './world.ts';

/**
 * A token has a JSON Web Token's shape and claims, and no signature. Times in milliseconds.
 *
 * @param sessionId the login that it came from; another issuer's token names none
 */
export const tokenOf = (
  userId: string,
  issuedAt: number,
  expiresAt: number,
  sessionId?: string,
): string => {
  const claims = { userId, sessionId, iat: issuedAt / 1_000, exp: expiresAt / 1_000 };
  return `-.${btoa(JSON.stringify(claims))}.-`;
};

export function claimsOf(token: string): {
  userId: string;
  sessionId: string | undefined;
  expiresAt: number;
} {
  const { userId, sessionId, exp } = JSON.parse(atob(token.split('.')[1] ?? ''));
  return { userId, sessionId, expiresAt: Math.round(exp * 1_000) };
}

/** Nobody logs out in a run. */
const LOGIN_UNTIL = Number.MAX_SAFE_INTEGER;

/** Until when a socket may act that a token opens. */
export function authUntilOf(token: string): number {
  const { sessionId, expiresAt } = claimsOf(token);
  return sessionId === undefined ? expiresAt : LOGIN_UNTIL;
}

/** What a client sends, already parsed. */
export type SimulatedFrame =
  | {
      action: 'sendMessage';
      id: string;
      room: string;
      content: string;
      clientId: string;
      after: number;
    }
  | { action: 'shorthand'; message: string }
  | { action: 'join' | 'leave'; id: string; room: string }
  | { action: 'ping'; id: string }
  | { action: 'auth'; id: string; token: string };

const SETTINGS = { roomPostsPerSecond: 5_000, issuers: BUILT_IN_ONLY, outside: undefined };

/** Everything a deployed function is made of, for one invocation. */
export function portsOf(
  code: Code,
  world: World,
  table: SimulatedTable,
  sockets: SimulatedGateway,
  relay: Relay,
  instance: Instance,
) {
  const { retentionMs } = world.profile;
  const dynamo = { name: SIMULATED_TABLE, client: dynamoClient(world, table, instance) };
  const clock = { now: () => instance.now(), sleep: (ms: number) => instance.sleep(ms) };
  const random = { id: () => world.random.id(), fraction: () => world.random.fraction() };
  const gateway: ConnectionGateway = {
    post: (id, frame) => sockets.post(instance, id, frame),
    isOpen: (id) => sockets.isOpen(instance, id),
    close: (id) => sockets.close(instance, id),
  };
  const ports = {
    ...SETTINGS,
    clock,
    random,
    gateway,
    relay,
    connections: code.dynamoConnectionStore(dynamo),
    log: code.dynamoEventLog(dynamo, {
      clock,
      retentionMs,
      // As a day is to half a day.
      ...(retentionMs !== undefined && { certainMs: retentionMs / 2 }),
    }),
    inbox: code.dynamoInbox(dynamo),
    leases: code.dynamoLeaseStore(dynamo),
    overlays: code.dynamoOverlayStore(dynamo),
    kinds: code.KINDS,
    memberships: code.dynamoMembershipStore(dynamo),
    sightingOf: code.keys.sighting,
    journal: () => undefined,
    meter: silentMeter,
    tokens: {
      access: async () => '',
      refresh: async () => '',
      device: async () => '',
      recognize: async () => undefined,
      fingerprint: async () => '',
      async verify(token: string) {
        return {
          type: 'access' as const,
          jti: '',
          ...claimsOf(token),
        };
      },
    },
    sessions: {
      find: async (id: string) => ({ id, userId: '', current: '', expiresAt: LOGIN_UNTIL }),
    },
    accounts: {
      create: async () => 'taken' as const,
      find: async (id: string) => accountOf(id),
      rehash: async () => undefined,
      setDisabled: async () => 'missing' as const,
      setSuperuser: async () => 'missing' as const,
      setPassword: async () => 'missing' as const,
      recordOutside: async () => undefined,
      findByShownName: async () => undefined,
      link: async () => 'other' as const,
      claimLook: async () => 'taken' as const,
    },
  };
  return { ...ports, fanOut: code.roomPump(ports, () => code.inlineBudget(clock)) };
}

export type Ports = ReturnType<typeof portsOf>;

const accountOf = (id: string) => ({
  id,
  username: id,
  passwordHash: '',
  disabled: false,
  superuser: false,
  createdAt: 0,
});

export interface Handshake {
  connectionId: string;
  userId: string;
  room: string;
  dialect: Dialect;
  authUntil: number;
}

/** $connect. */
export async function connect(code: Code, ports: Ports, handshake: Handshake): Promise<void> {
  const { userId, ...rest } = handshake;
  await code.openConnection(ports, { ...rest, account: accountOf(userId), strictExpiry: false });
}

/** A frame's way through the send-message and the room-action function. */
export async function answer(
  code: Code,
  ports: Ports,
  connectionId: string,
  frame: SimulatedFrame,
  onFailure: (failure: unknown) => void,
): Promise<ServerFrame | undefined> {
  try {
    const identified = code.identify(ports, connectionId);
    const handle = { ...code.sendActions, ...code.roomActions }[frame.action];
    // The frame has the type that its action's handler takes, which TypeScript can't follow.
    return await handle(ports, identified, frame as never, {});
  } catch (failure) {
    onFailure(failure);
    const error = code.asParlorError(failure);
    return code.errorFrame(code.withRef(error, 'id' in frame ? frame.id : undefined));
  }
}

/** The audit function, without what only Lambda needs of it. */
export async function audit(code: Code, ports: Ports, event: StreamEvent): Promise<StreamAnswer> {
  const context = { awsRequestId: 'simulated' };
  const answered = await code.auditHandler(ports)(event, context as never, undefined as never);
  if (!answered) throw new Error('The audit answered nothing.');
  return answered;
}
