import { connect, type Message, type Parlor, type Room } from '../../client/index.ts';
import type { SocketLike } from '../../client/options.ts';
import { type Stopwatch, stopwatch, type Timings } from './stopwatch.ts';
import type { WayIn } from './way-in.ts';

/** Where the chat is, as people reach it. */
export interface Address {
  /** Of REST, and of sockets too unless `socketUrl` says otherwise. */
  url: string;
  /** Of the WebSocket API's stage, where there is no edge. */
  socketUrl?: string | undefined;
  /** What the sockets say that they come from: a chat may let in pages of certain origins only. */
  origin?: string | undefined;
}

export interface Talk {
  address: Address;
  wayIn: WayIn;
  /** Nobody else is in it. */
  room: string;
  /** For so many milliseconds each step is waited for. Default: 10,000. */
  patienceMs?: number;
}

/** What comes is heard by its frame, or not at all: no client asks for what it misses. */
const NEVER = 2 ** 31 - 1;

/** Of the history so much is read: a run before this one may have been late. */
const NEWEST = 10;

/**
 * Talks as two clients of one person do: both log in and open a socket, one says something, the
 * other hears it, and it stands in the history.
 *
 * @returns how long each step took
 * @throws CanaryError that names the step that failed, or took too long
 */
export async function talk({ address, wayIn, room, patienceMs }: Talk): Promise<Timings> {
  const watch = stopwatch(patienceMs);
  const token = await watch.time('logIn', () => wayIn.enter());
  const clients = [open(address, token), open(address, token)] as const;
  try {
    await speakAndHear(watch, clients, room);
  } catch (error) {
    // The first fault is what is told; a login that can't be ended ends by itself in a day.
    await wayIn.leave().catch(() => undefined);
    throw error;
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
  await wayIn.leave();
  return watch.timings;
}

async function speakAndHear(
  watch: Stopwatch,
  clients: readonly [Parlor, Parlor],
  name: string,
): Promise<void> {
  const [speaker, listener] = [clients[0].room(name), clients[1].room(name)];
  await watch.time(
    'connect',
    () => Promise.all([isLive(clients[0], speaker), isLive(clients[1], listener)]),
    () => troubleOf(clients[1]) ?? listener.state.error,
  );
  const content = `canary ${new Date().toISOString()}`;
  const heard = heardIn(listener, content);
  const deliver = watch.time('deliver', () => heard);
  // Which of the two fails first is told; the other is not waited for.
  deliver.catch(() => undefined);
  const { seq } = await watch.time('acknowledge', () => speaker.send(content));
  const message = await deliver;
  await watch.time('history', async () => {
    const { messages } = await listener.history({}, NEWEST);
    mustBeSame(
      messages.find((each) => each.seq === seq),
      message,
    );
  });
}

function open({ url, socketUrl, origin }: Address, token: string): Parlor {
  const headers = origin === undefined ? {} : { origin };
  return connect({
    url,
    ...(socketUrl !== undefined && { socketUrl }),
    token,
    // Nobody's: else one's own event would count as the acknowledgement that didn't come.
    username: '',
    timing: { patience: NEVER, heartbeat: NEVER },
    platform: {
      // Node's own takes headers too, which browsers' doesn't, and the types don't know.
      openSocket: (to, protocols): SocketLike =>
        Reflect.construct(WebSocket, [to, { protocols, headers }]),
    },
  });
}

/** Rejects with what the client was told meanwhile, when it is told that there is no way. */
function isLive(client: Parlor, room: Room): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { status, error } = room.state;
      if (status === 'live') resolve();
      if (status === 'refused' || client.state.status === 'closed') reject(error);
    };
    room.on('state', look);
    client.on('state', look);
    look();
  });
}

function troubleOf({ state }: Parlor): Error | undefined {
  return 'error' in state ? state.error : undefined;
}

const heardIn = (room: Room, content: string): Promise<Message> =>
  new Promise((resolve) => {
    room.on('message', (message) => {
      if (message.content === content) resolve(message);
    });
  });

function mustBeSame(written: Message | undefined, heard: Message): void {
  const fields = ['seq', 'id', 'clientId', 'sender', 'content', 'timestamp'] as const;
  const other = fields.filter((field) => written?.[field] !== heard[field]);
  if (!written) throw new Error(`seq ${heard.seq} is not there.`);
  if (other.length > 0) throw new Error(`seq ${heard.seq} has another ${other.join(', ')}.`);
}
