import { ApiWriter } from './api-writer.ts';
import type { Checks } from './checks.ts';
import type { Cloud } from './cloud.ts';
import { OldClient } from './old-client.ts';
import { V1Client } from './v1-client.ts';
import type { World } from './world.ts';

/** Who takes part in a run, and what they do. */
export interface People {
  clients: V1Client[];
  oldClients: OldClient[];
  writers: ApiWriter[];
  begin(): void;
  /** Some close their page. */
  part(): void;
  /** They come back, others come for the first time, and all talk again. */
  meetAgain(): void;
  /** Some stop trying to send what they could not. */
  giveUp(): void;
}

/** Those who write have had this long to arrive. */
const ARRIVAL_MS = 1_500;
/** In a hot room they write within so short a time. */
const HOT_MS = 6;
const HOT_EVERY_MS = 120;
/** Elsewhere people who answer at the same moment do so within so long a time. */
const TOGETHER_MS = 40;

export function peopleOf(cloud: Cloud, checks: Checks): People {
  const { world } = cloud;
  const { random, profile, timeline } = world;
  const clients: V1Client[] = [];
  const oldClients: OldClient[] = [];
  for (let user = 1; user <= profile.users; user++) {
    const tabs = random.pick([1, 1, 1, 2, 3]);
    for (let tab = 1; tab <= tabs; tab++) {
      const rooms = random.chance(0.5) ? profile.rooms : [...profile.rooms].reverse();
      clients.push(
        new V1Client(world, cloud, checks, {
          userId: `u${user}`,
          tab: `t${tab}`,
          // Not everyone is in every room.
          rooms: random.chance(0.7) ? rooms : rooms.slice(0, 1),
          pings: profile.kind === 'rough',
        }),
      );
    }
  }
  for (let old = 1; old <= random.whole(0, 2); old++) {
    const room = random.pick(['red', ...profile.rooms]);
    oldClients.push(new OldClient(world, cloud, checks, `old${old}`, room));
  }
  const writers = random.chance(0.3) ? [new ApiWriter(cloud, checks, 'api')] : [];
  return {
    clients,
    oldClients,
    writers,
    begin() {
      crowd(cloud, checks);
      ghosts(cloud, checks);
      for (const client of clients) arrive(cloud, client);
      for (const client of oldClients) arrive(cloud, client);
      for (const client of clients) talk(cloud, client);
      for (const client of clients) reload(cloud, client);
      for (const client of oldClients) chat(cloud, client);
      for (const writer of writers) post(cloud, writer);
      for (const client of clients) leave(cloud, client);
      if (profile.removal) remove(cloud, checks);
    },
    part() {
      for (const client of clients) if (random.chance(0.4)) client.close();
    },
    meetAgain() {
      for (let user = random.whole(0, 2); user > 0; user--) {
        clients.push(newcomer(world, cloud, checks, user));
      }
      for (const client of clients) {
        if (!client.isOpen) timeline.in(random.between(0, profile.busyMs), () => client.connect());
        talk(cloud, client);
        reload(cloud, client);
      }
      for (const client of oldClients) chat(cloud, client, 'says again');
      for (const writer of writers) post(cloud, writer);
    },
    giveUp() {
      const everyone = profile.kind === 'rough' && profile.giveUp;
      if (everyone) for (const writer of writers) writer.giveUp();
      for (const client of clients) {
        // Who hears nothing would go on trying for ever.
        if (everyone || client.socket?.poisoned) client.giveUp();
      }
    },
  };
}

const newcomer = (world: World, cloud: Cloud, checks: Checks, number: number): V1Client =>
  new V1Client(world, cloud, checks, {
    userId: `late${number}`,
    tab: 't1',
    rooms: world.profile.rooms,
    pings: world.profile.kind === 'rough',
  });

function arrive(cloud: Cloud, client: V1Client | OldClient): void {
  const { random, timeline, profile } = cloud.world;
  timeline.in(random.between(0, random.chance(0.6) ? ARRIVAL_MS / 2 : profile.busyMs), () =>
    client.connect(),
  );
  if (random.chance(0.15) && profile.kind === 'calm') {
    timeline.in(ARRIVAL_MS, () => {
      if (client.socket) client.socket.poisoned = true;
    });
  }
  if (!random.chance(profile.cut)) return;
  for (let cuts = random.whole(1, 3); cuts > 0; cuts--) {
    timeline.in(random.between(0, profile.busyMs), () => {
      if (client.socket) cloud.disconnect(client.socket, random.chance(0.7));
    });
  }
}

function talk(cloud: Cloud, client: V1Client): void {
  const { random, timeline, profile } = cloud.world;
  for (let count = 0; count < profile.messages; count++) {
    const [first = '', ...others] = client.options.rooms;
    const room = random.pick([first, ...others]);
    const at = profile.hot
      ? ARRIVAL_MS + random.between(0, HOT_MS) + HOT_EVERY_MS * random.whole(0, 2)
      : ARRIVAL_MS / 2 + togetherOrNot(cloud) * (profile.busyMs - ARRIVAL_MS);
    timeline.in(at, () => client.say(room, 'says'));
  }
}

function reload({ world: { random, timeline, profile } }: Cloud, client: V1Client): void {
  if (!random.chance(profile.reload)) return;
  timeline.in(random.between(ARRIVAL_MS, profile.busyMs), () => client.reload());
}

/** When someone speaks, from 0 to 1. Often people answer each other at the same moment. */
function togetherOrNot({ world: { random, profile } }: Cloud): number {
  if (random.chance(0.4)) return random.fraction();
  return random.whole(1, 3) / 4 + random.between(0, TOGETHER_MS) / profile.busyMs;
}

function post({ world }: Cloud, writer: ApiWriter): void {
  const { random, timeline, profile } = world;
  for (let count = random.whole(1, 3); count > 0; count--) {
    const at = profile.hot ? ARRIVAL_MS + random.between(0, HOT_MS) : profile.busyMs * 0.5;
    timeline.in(at, () => writer.say(random.pick(['red', ...profile.rooms])));
  }
}

function leave({ world }: Cloud, client: V1Client): void {
  const [, room] = client.options.rooms;
  if (room === undefined || !world.random.chance(world.profile.leaving)) return;
  world.timeline.in(world.random.between(0, world.profile.busyMs), () => client.leave(room));
}

function remove(cloud: Cloud, checks: Checks): void {
  const { random, timeline, profile } = cloud.world;
  const room = random.pick(['red', ...profile.rooms]);
  timeline.in(random.between(0, profile.busyMs / 2), () => {
    checks.outcasts.add('u1');
    cloud.remove('u1', room, () => checks.isOut('u1', room));
  });
}

function chat(cloud: Cloud, client: OldClient, words = 'says'): void {
  const { random, timeline, profile } = cloud.world;
  for (let count = 1; count <= random.whole(0, 2); count++) {
    timeline.in(random.between(ARRIVAL_MS, profile.busyMs), () => client.say(`${words} ${count}`));
  }
}

/** Connections that ended without a word: their rows are still there. */
function ghosts(cloud: Cloud, checks: Checks): void {
  const { random, profile, timeline } = cloud.world;
  for (let ghost = random.whole(0, 3); ghost > 0; ghost--) {
    const id = `ghost${ghost}`;
    const age = random.pick([1_000, 60_000]);
    present(cloud, checks, id, random.pick(['red', ...profile.rooms]), timeline.now - age);
    const socket = cloud.gateway.sockets.get(id);
    if (socket) socket.state = 'closed';
  }
}

/** So many silent ones that the room outgrows its shard. */
function crowd(cloud: Cloud, checks: Checks): void {
  const { profile, timeline } = cloud.world;
  for (let member = 1; member <= profile.crowd; member++) {
    present(cloud, checks, `m${member}`, 'red', timeline.now - 60_000);
  }
}

function present(cloud: Cloud, checks: Checks, id: string, room: string, since: number): void {
  const { table, code, gateway, world } = cloud;
  const shard = world.random.whole(0, world.profile.shards - 1);
  const until = since + 7_200_000;
  const presence = {
    dialect: 'v1',
    connectedAt: since,
    authUntil: until,
    expiresAt: Math.ceil(until / 1_000),
  };
  table.seed({ ...code.keys.presence(room, shard, id), ...presence });
  checks.asks(id, id, room);
  const ignore = () => undefined;
  gateway.admit(id, ignore, ignore).state = 'open';
}
