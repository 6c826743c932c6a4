import { centrifugoWire } from './centrifugo.ts';
import { channelsWire } from './channels.ts';
import { parlorWire } from './parlor.ts';
import { samplesWire } from './samples.ts';
import { socketIoWire } from './socket-io.ts';
import type { Wire, WireName } from './wire.ts';

export const WIRES: Record<WireName, Wire> = {
  parlor: parlorWire,
  channels: channelsWire,
  'socket.io': socketIoWire,
  centrifugo: centrifugoWire,
  samples: samplesWire,
};
