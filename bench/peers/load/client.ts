import { setTimeout as sleep } from 'node:timers/promises';
import { forEachParallel } from '../../../lambdas/chat/parallel.ts';
import { percentile, sum } from '../../measure.ts';
import { until } from '../../member.ts';
import { processUsage } from '../process-usage.ts';
import { WIRES } from '../wires/by-name.ts';
import type { WireName } from '../wires/wire.ts';
import { Deliveries } from './deliveries.ts';
import { type Load, type Loaded, WARM_UP_SECONDS } from './load.ts';
import { type LoadedRoom, talkInTurns, talkSteadily } from './paces.ts';

/** What it is to do, as its one argument. */
export interface ClientTask {
  wire: WireName;
  url: string;
  tokens: readonly string[];
  /** Of the server. */
  pid: number;
  /** Tells rooms of this run from all others. */
  run: string;
  load: Load;
}

/** What it prints, as one line of JSON. */
export type ClientAnswer = { loaded: Loaded } | { broke: string };

const OPENING_AT_ONCE = 20;
const OPENING_LONGEST_MS = 90_000;
/** What is still on its way after the last message is waited for while it comes, but so long at most. */
const LATE_MS = 15_000;
const STILL_MS = 3_000;

/** One process that is all members of all rooms: the same for every server that is measured. */
try {
  const task = JSON.parse(process.argv[2] ?? '') as ClientTask;
  console.log(JSON.stringify({ loaded: await load(task) } satisfies ClientAnswer));
} catch (error) {
  const broke = error instanceof Error ? error.message : String(error);
  console.log(JSON.stringify({ broke } satisfies ClientAnswer));
}
process.exit();

async function load(task: ClientTask): Promise<Loaded> {
  const { load, pid } = task;
  let refused = 0;
  const rooms = await openRooms(task, () => refused++);
  await talk(rooms, load, WARM_UP_SECONDS);
  await settled(rooms, load.members);

  for (const { deliveries } of rooms) deliveries.begin();
  refused = 0;
  const before = processUsage(pid).cpuMs;
  const began = performance.now();
  await talk(rooms, load, load.seconds);
  const seconds = (performance.now() - began) / 1_000;
  await settled(rooms, load.members);
  const cpuMs = processUsage(pid).cpuMs - before;

  const latencies = rooms.flatMap(({ deliveries }) => deliveries.latencies);
  const messages = sum(rooms.map(({ deliveries }) => deliveries.messages));
  return {
    messages,
    seconds,
    ...(latencies.length > 0 && {
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
    }),
    deliveries: latencies.length,
    due: messages * load.members,
    refused,
    cpuMs,
  };
}

/** @throws Error saying how many of the connections there are */
async function openRooms(
  { wire, url, tokens, run, load }: ClientTask,
  onRefused: () => void,
): Promise<LoadedRoom[]> {
  const open = WIRES[wire];
  const rooms = Array.from({ length: load.rooms }, (): LoadedRoom => {
    return { members: [], deliveries: new Deliveries() };
  });
  const places = Array.from({ length: load.rooms * load.members }, (_, n) => n);
  let opened = 0;
  const deadline = sleep(OPENING_LONGEST_MS, undefined, { ref: false }).then(() => 'late');
  const opening = forEachParallel(places, OPENING_AT_ONCE, async (place) => {
    const nth = place % load.rooms;
    const room = rooms[nth];
    const token = tokens[place % tokens.length] ?? '';
    const onContent = (content: string) => room?.deliveries.take(content);
    const member = await open({ url, token, room: `${run}_${nth}`, onContent, onRefused });
    room?.members.push(member);
    opened++;
  }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const problem = await Promise.race([opening, deadline]);
  if (problem === undefined) return rooms;
  throw new Error(`${opened} of ${places.length} connections opened: ${problem}`);
}

async function talk(rooms: readonly LoadedRoom[], load: Load, seconds: number): Promise<void> {
  const { pace, messages = Number.POSITIVE_INFINITY } = load;
  if (pace.kind === 'steady') {
    return await talkSteadily(rooms, pace.perSecond * rooms.length, seconds);
  }
  const end = performance.now() + seconds * 1_000;
  const sent = () => sum(rooms.map(({ deliveries }) => deliveries.messages));
  const goesOn = () => performance.now() < end && sent() < messages;
  await Promise.all(rooms.map((room) => talkInTurns(room, goesOn)));
}

/** Waits for what is under way, while it goes on coming. */
async function settled(rooms: readonly LoadedRoom[], members: number): Promise<void> {
  const come = () => sum(rooms.map(({ deliveries }) => deliveries.latencies.length));
  const complete = () => rooms.every(({ deliveries }) => deliveries.complete(members));
  const deadline = performance.now() + LATE_MS;
  for (let before = -1; before < come() && performance.now() < deadline; ) {
    before = come();
    if (await until(complete, STILL_MS)) return;
  }
}
