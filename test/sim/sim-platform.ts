import type { Platform, SocketLike } from '../../client/options.ts';
import { eventBody } from '../../lambdas/chat/event-bodies.ts';
import type { ParlorError } from '../../protocol/errors.ts';
import type { Checks } from './checks.ts';
import type { Cloud } from './cloud.ts';
import { authUntilOf, claimsOf, type SimulatedFrame } from './functions.ts';
import type { Socket } from './gateway.ts';
import type { Outcome } from './instance.ts';

/** What a client has around it: the simulated network, in virtual time. */
export interface ClientWatch {
  /** Whether the page that the client is part of was not reloaded since. */
  alive(): boolean;
  opened(socket: Socket): void;
  sent(socket: Socket, frame: SimulatedFrame): void;
  heard(socket: Socket, text: string): void;
}

export function simPlatform(
  cloud: Cloud,
  checks: Checks,
  name: string,
  watch: ClientWatch,
): Platform {
  const { world } = cloud;
  const { timeline, random } = world;
  let ids = 0;
  return {
    now: () => timeline.now,
    random: () => random.fraction(),
    id: () => `${name}#${++ids}`,
    onWake: () => () => undefined,
    after(ms, action) {
      let cancelled = false;
      // What is years away never comes in a run of some minutes.
      if (ms < FOREVER_MS) timeline.in(ms, () => cancelled || !watch.alive() || action());
      return () => {
        cancelled = true;
      };
    },
    openSocket: (url, [, token = '']) => openSocket(cloud, checks, watch, url, token),
    fetch: (url) => fetchOf(cloud, watch, new URL(url)),
  };
}

export const FOREVER_MS = 1e12;

function openSocket(
  cloud: Cloud,
  checks: Checks,
  watch: ClientWatch,
  url: string,
  token: string,
): SocketLike {
  const room = decodeURIComponent(new URL(url).pathname.split('/')[3] ?? '');
  const { userId } = claimsOf(token);
  // Handlers are called with what the client reads of an event, and no more.
  const end: SocketLike & Record<Handler, ((event: unknown) => unknown) | null> = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(text: string) {
      const frame: SimulatedFrame = JSON.parse(text);
      if (frame.action === 'join') checks.asks(socket.id, userId, frame.room);
      watch.sent(socket, frame);
      cloud.frame(socket, frame);
    },
    close: () => cloud.disconnect(socket, false),
  };
  const socket = cloud.connect(
    { userId, room, dialect: 'v1', authUntil: authUntilOf(token) },
    {
      onOpen() {
        if (!watch.alive()) return;
        watch.opened(socket);
        end.onopen?.({});
      },
      onFrame(text) {
        if (!watch.alive()) return;
        watch.heard(socket, text);
        end.onmessage?.({ data: text });
      },
      onClose: () => watch.alive() && end.onclose?.({}),
    },
  );
  checks.asks(socket.id, userId, room);
  return end;
}

type Handler = 'onopen' | 'onmessage' | 'onclose' | 'onerror';

const EVENTS = /^\/api\/rooms\/([^/]+)\/events\/$/;

/** GET /api/rooms/{room}/events/; anything else is a question that the server has no time for. */
function fetchOf(cloud: Cloud, { alive }: ClientWatch, url: URL): Promise<Response> {
  const [, room] = EVENTS.exec(url.pathname) ?? [];
  return new Promise((resolve) => {
    if (room === undefined) {
      cloud.world.timeline.in(5, () => resolve(answer(503, {})));
      return;
    }
    const after = Number(url.searchParams.get('after'));
    cloud.replay(decodeURIComponent(room), after, (outcome) => {
      if (alive()) resolve(page(after, outcome));
    });
  });
}

function page(after: number, outcome: Outcome<Awaited<ReturnType<Cloud['code']['replay']>>>) {
  if ('error' in outcome) return refusal(outcome.error);
  const { events, head } = outcome.value;
  const results = events.map(eventBody);
  const last = results.at(-1)?.seq ?? after;
  return answer(200, { head, next: last < head ? 'more' : null, previous: null, results });
}

function refusal(error: unknown): Response {
  if (!(error instanceof Error) || error.name !== 'ParlorError') return answer(500, {});
  const { code, message, status, details } = error as ParlorError;
  return answer(status, { detail: message, code, ...details.body });
}

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
