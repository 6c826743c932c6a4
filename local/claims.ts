import { networkOf } from '../lambdas/auth/network.ts';
import type { OutsideIssuers } from '../lambdas/auth/outside-issuers.ts';
import type { Tokens } from '../lambdas/auth/tokens.ts';
import type { ConnectionStore } from '../lambdas/chat/ports/connection-store.ts';
import type { HttpEvent } from '../lambdas/edge/http/events.ts';
import { findRoute } from '../lambdas/edge/http/router.ts';
import { type ConnectEvent, type FrameEvent, header } from '../lambdas/edge/socket/events.ts';
import { readFrame } from '../lambdas/edge/socket/parse-frame.ts';
import { LOGIN_ROUTES } from '../protocol/login-routes.ts';
import type { Backlog } from './backlog.ts';
import { type Claim, type ClaimOf, ENDED, type LambdaCall } from './gateway/gateway.ts';

/** So many tokens are remembered; of others it is found out again. */
const TOKENS = 10_000;

const PASSWORDS = 'passwords';
const LOGINS = new Set(LOGIN_ROUTES.map(({ method, path }) => `${method} ${path}`));

export interface ClaimPorts {
  tokens: Pick<Tokens, 'verify'>;
  connections: Pick<ConnectionStore, 'find'>;
  backlog: Pick<Backlog, 'isLate'>;
}

/** A connection's user and the room of its URL. */
interface Known {
  caller: string;
  homeRoom: string;
}

/**
 * Whose work a call is: a user's, by what was checked and not by what somebody says; else that of the
 * network that it comes from, for each route. And where it would crowd: sends by their room, logins and
 * registrations all together, for hashing takes a processor each.
 */
export class Claims {
  readonly #ports: ClaimPorts;
  /** By token. */
  readonly #users = new Map<string, string>();
  /** By connection. */
  readonly #connections = new Map<string, Known>();

  constructor(ports: ClaimPorts) {
    this.#ports = ports;
  }

  readonly of: ClaimOf = async (call) => {
    const { routeKey } = call;
    if (routeKey === '$connect') return { caller: await this.#connecting(call) };
    if (routeKey === '$disconnect') return this.#ended(call);
    return 'http' in (call.event as HttpEvent).requestContext
      ? await this.#request(call)
      : await this.#frame(call);
  };

  /** Other issuers, of whose tokens it is learned whose they are. */
  learningFrom(outside: OutsideIssuers): OutsideIssuers {
    return {
      read: async (token, ours) => {
        const speaker = await outside.read(token, ours);
        this.#learn(token, speaker.userId);
        return speaker;
      },
    };
  }

  async #connecting({ event }: LambdaCall): Promise<string> {
    const { requestContext, queryStringParameters, ...rest } = event as ConnectEvent;
    const offered = header({ requestContext, ...rest }, 'sec-websocket-protocol')?.split(',') ?? [];
    for (const text of [queryStringParameters?.token ?? '', ...offered]) {
      const user = await this.#userOf(text.trim());
      if (user !== undefined) return user;
    }
    return anybody(requestContext.identity?.sourceIp, '$connect');
  }

  #ended({ event }: LambdaCall): Claim {
    const { connectionId } = (event as FrameEvent).requestContext;
    this.#connections.delete(connectionId);
    return { caller: connectionId, ...ENDED };
  }

  async #frame({ event }: LambdaCall): Promise<Claim> {
    const { connectionId } = (event as FrameEvent).requestContext;
    const { caller, homeRoom } = (await this.#connection(connectionId)) ?? {};
    const { frame } = readFrame(event as FrameEvent);
    const room =
      frame?.action === 'sendMessage'
        ? frame.room
        : frame?.action === 'shorthand'
          ? homeRoom
          : undefined;
    return { caller: caller ?? connectionId, ...(room !== undefined && this.#sendTo(room)) };
  }

  async #connection(connectionId: string): Promise<Known | undefined> {
    const known = this.#connections.get(connectionId);
    if (known) return known;
    // Where it can't be read, the call itself says so; until then the connection is its own caller.
    const found = await this.#ports.connections
      .find(connectionId, Date.now())
      .catch(() => undefined);
    if (!found) return undefined;
    const learned = { caller: userLane(found.userId), homeRoom: found.homeRoom };
    this.#connections.set(connectionId, learned);
    return learned;
  }

  async #request({ event, routeKey }: LambdaCall): Promise<Claim> {
    const { headers, rawPath, requestContext } = event as HttpEvent;
    const { method, sourceIp } = requestContext.http;
    const [, token = ''] = (headers.authorization ?? '').trim().split(/\s+/);
    const caller = (await this.#userOf(token)) ?? anybody(sourceIp, routeKey);
    if (LOGINS.has(routeKey)) return { caller, place: PASSWORDS };
    const room = method === 'POST' ? roomOfPost(rawPath) : undefined;
    if (room === undefined) return { caller };
    // A sender over REST waits for a busy room; senders on sockets don't wait for that one.
    return { caller, ...this.#sendTo(room), place: `posts to ${room}` };
  }

  /** Another spelling of a room's name is a place of its own, and does no harm there. */
  #sendTo(room: string): Pick<Claim, 'place' | 'crowded'> {
    return { place: `room ${room}`, crowded: this.#ports.backlog.isLate(room) };
  }

  /** Nothing is asked of anybody else: whose token it is has to be known here. */
  async #userOf(token: string): Promise<string | undefined> {
    if (!token.includes('.')) return undefined;
    const known = this.#users.get(token);
    if (known !== undefined) return known;
    try {
      const { userId } = await this.#ports.tokens.verify(token, 'access');
      return this.#learn(token, userId);
    } catch {
      // Another issuer's, or nobody's: who answers the call says what is wrong with it.
      return undefined;
    }
  }

  #learn(token: string, userId: string): string {
    const lane = userLane(userId);
    this.#users.set(token, lane);
    const [oldest] = this.#users.keys();
    if (this.#users.size > TOKENS && oldest !== undefined) this.#users.delete(oldest);
    return lane;
  }
}

const userLane = (userId: string) => `user ${userId}`;
const anybody = (sourceIp: string | undefined, routeKey: string) =>
  `${networkOf(sourceIp ?? '')} ${routeKey}`;

/** The room that a request is to store a message in. */
function roomOfPost(path: string): string | undefined {
  try {
    const { id, room } = findRoute('POST', path);
    return id === 'createMessage' ? room : undefined;
  } catch {
    // There is nothing at that path.
    return undefined;
  }
}
