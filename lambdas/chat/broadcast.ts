import { isYoung, type Presence } from './connection.ts';
import type { RoomEvent } from './event.ts';
import { eventFrames } from './event-frames.ts';
import { forEachParallel } from './parallel.ts';
import type { Clock } from './ports/clock.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';
import type { ConnectionStore } from './ports/connection-store.ts';
import type { FanOut, FanOutReport } from './ports/fan-out.ts';

/**
 * Posts under way at once. With API Gateway's answer in 10 ms or so, 200 post about 20,000 times
 * a second; 50 would cap at 4,500.
 */
const WIDTH = 200;

export interface BroadcastPorts {
  connections: ConnectionStore;
  gateway: ConnectionGateway;
  clock: Clock;
}

/**
 * Fan-out in its plain form: one post to each connection of the room, for each event.
 *
 * A connection that fails, is slow or is gone never affects another.
 */
export function broadcast(ports: BroadcastPorts): FanOut {
  return { deliver: (event) => deliver(ports, event) };
}

async function deliver(ports: BroadcastPorts, event: RoomEvent): Promise<FanOutReport> {
  const report: FanOutReport = { delivered: 0, gone: 0, slow: 0, failed: 0 };
  const frames = eventFrames(event);
  try {
    await forEachParallel(everyoneIn(ports, event.room), WIDTH, async (presence) => {
      try {
        report[await postTo(ports, event.room, presence, frames[presence.dialect])]++;
      } catch (fault) {
        report.failed++;
        report.fault ??= fault;
      }
    });
  } catch (fault) {
    // The list of connections could not be read to its end.
    report.failed++;
    report.fault ??= fault;
  }
  return report;
}

async function* everyoneIn(ports: BroadcastPorts, room: string): AsyncGenerator<Presence> {
  const now = ports.clock.now();
  for await (const page of ports.connections.inRoom(room, now)) {
    yield* page.filter((presence) => presence.authUntil > now);
  }
}

async function postTo(
  ports: BroadcastPorts,
  room: string,
  presence: Presence,
  frame: string,
): Promise<'delivered' | 'gone' | 'slow'> {
  const { connectionId } = presence;
  const outcome = await ports.gateway.post(connectionId, frame);
  if (outcome !== 'gone') return outcome;

  // API Gateway has been seen to answer 410 for live connections: ask again before evicting.
  const young = isYoung(presence, ports.clock.now());
  if (!young && !(await ports.gateway.isOpen(connectionId))) {
    await ports.connections.remove(connectionId, room);
  }
  return 'gone';
}
