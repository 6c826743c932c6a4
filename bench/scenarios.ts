import { append } from './append.ts';
import { attacks } from './attacks.ts';
import { coldStart } from './cold-start.ts';
import { fanOut } from './fan-out.ts';
import { growth } from './growth.ts';
import { hotRoom } from './hot-room.ts';
import { overload } from './overload.ts';
import { peers } from './peers.ts';
import { quietRoom } from './quiet-room.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import type { Scenario } from './report.ts';
import { scale } from './scale.ts';

export const SCENARIOS: readonly Scenario[] = [
  fanOut,
  hotRoom,
  append,
  quietRoom,
  growth,
  coldStart,
  reconnectStorm,
  attacks,
  overload,
  scale,
  peers,
];
