import { isMessage, type RoomEvent } from './event.ts';
import { type Kinds, type Overlay, targetOf } from './overlay.ts';
import { forEachParallel } from './parallel.ts';
import type { EventLog } from './ports/event-log.ts';
import type { OverlayStore } from './ports/overlay-store.ts';

export interface ProjectPorts {
  log: EventLog;
  overlays: OverlayStore;
  kinds: Kinds;
}

/** Another holder of the lease may have come between; it is gone soon. */
const TRIES = 10;

/** Messages whose overlays are folded at once. */
const AT_ONCE = 20;

/**
 * Folds events into what hangs on their messages, and erases what became obsolete by that. Called by
 * whoever holds the room's lease, before the events are posted and count as pumped: so up to where a room
 * is pumped all is folded, but for what a version without folds has pumped (`folded` of the lease). It may be repeated, after a crash for one: what is folded in stays as it is,
 * and what is erased is erased once more.
 *
 * @returns the events as they are now: without what has been erased, and messages as they are shown
 */
export async function project(
  ports: ProjectPorts,
  room: string,
  events: readonly RoomEvent[],
): Promise<readonly RoomEvent[]> {
  const byTarget = new Map<number, RoomEvent[]>();
  for (const event of events) {
    const target = Object.hasOwn(ports.kinds, event.type) ? targetOf(event) : undefined;
    if (target === undefined) continue;
    byTarget.set(target, [...(byTarget.get(target) ?? []), event]);
  }
  if (byTarget.size === 0) return events;

  const folded = new Map<number, Overlay>();
  const found = await ports.overlays.find(room, [...byTarget.keys()]);
  const targets = [...byTarget].map(([target, hanging], index) => ({
    target,
    hanging,
    found: found[index],
  }));
  await forEachParallel(targets, AT_ONCE, async ({ target, hanging, found }) => {
    const overlay = await foldIn(ports, { room, target }, hanging, found);
    if (!overlay) return;
    folded.set(target, overlay);
    for (const { seq, what } of overlay.obsolete) await ports.log.erase(room, seq, what);
  });
  return events.map((event) => asItIs(ports.kinds, event, folded));
}

async function foldIn(
  { overlays, kinds }: ProjectPorts,
  { room, target }: Pick<Overlay, 'room' | 'target'>,
  events: readonly RoomEvent[],
  found: Overlay | undefined,
): Promise<Overlay | undefined> {
  let before = found;
  for (let tries = 0; tries < TRIES; tries++) {
    const after = foldAll(
      kinds,
      before ?? { room, target, asOf: 0, parts: {}, obsolete: [] },
      events,
    );
    if (!after) return before;
    if ((await overlays.put(after, before?.asOf ?? 0)) === 'stored') return after;
    [before] = await overlays.find(room, [target]);
  }
  throw new Error('Others folded beside each time.');
}

/** @returns undefined where all is folded in already */
function foldAll(kinds: Kinds, before: Overlay, events: readonly RoomEvent[]): Overlay | undefined {
  const fresh = events.filter(({ seq }) => seq > before.asOf);
  const last = fresh.at(-1);
  if (!last) return undefined;
  let { parts } = before;
  // What was folded in before, by somebody who died, may not have been erased.
  const obsolete = fresh.length < events.length ? [...before.obsolete] : [];
  for (const event of fresh) {
    const folding = kinds[event.type]?.fold(parts, event);
    parts = folding?.parts ?? parts;
    obsolete.push(...(folding?.obsolete ?? []));
  }
  return { ...before, parts, obsolete, asOf: last.seq };
}

/** An event after what was folded in this round. */
function asItIs(kinds: Kinds, event: RoomEvent, folded: ReadonlyMap<number, Overlay>): RoomEvent {
  const overlay = folded.get(targetOf(event) ?? event.seq);
  if (!overlay) return event;
  if (isMessage(event)) return shown(kinds, event, overlay);
  const erased = overlay.obsolete.find(({ seq }) => seq === event.seq);
  return erased ? withoutContent(event) : event;
}

function withoutContent({ payload, ...event }: RoomEvent): RoomEvent {
  const { content } = payload;
  return {
    ...event,
    payload: { ...payload, ...(content !== undefined && { content: '' }) },
    erased: true,
  };
}

/** A message with what hangs on it. */
export function shown<Event extends RoomEvent>(
  kinds: Kinds,
  event: Event,
  { parts }: Pick<Overlay, 'parts'>,
): Event {
  if (!isMessage(event)) return event;
  let { payload } = event;
  for (const [type, kind] of Object.entries(kinds)) {
    const part = parts[type];
    if (part) payload = kind.show(payload, part);
  }
  return { ...event, payload };
}

/** Events as they are read from the log, in any order, with what hangs on the messages among them. */
export async function overlaid<Event extends RoomEvent>(
  { overlays, kinds }: Pick<ProjectPorts, 'overlays' | 'kinds'>,
  room: string,
  events: readonly Event[],
): Promise<Event[]> {
  const seqs = events.filter(isMessage).map(({ seq }) => seq);
  if (seqs.length === 0) return [...events];
  const hanging = await overlays.between(room, Math.min(...seqs), Math.max(...seqs));
  const byTarget = new Map(hanging.map((overlay) => [overlay.target, overlay]));
  return events.map((event) => {
    const overlay = byTarget.get(event.seq);
    return overlay ? shown(kinds, event, overlay) : event;
  });
}
