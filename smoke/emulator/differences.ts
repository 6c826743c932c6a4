import type { Differences } from '../check.ts';
import { TEMPLATE_DIFFERENCES } from './template.ts';

/** What MiniStack's gateway does otherwise than API Gateway's documentation says: not asked there. */
export const MINISTACK_DIFFERENCES: Differences = new Map([
  [
    'refusal status',
    'MiniStack refuses every handshake with 403; API Gateway with the status that $connect answers.',
  ],
  [
    'subprotocol',
    'MiniStack drops the subprotocol that $connect returns; API Gateway puts it in its answer.',
  ],
  ['no compression', 'MiniStack compresses messages; API Gateway offers no compression.'],
  [
    'message limits',
    'MiniStack takes messages of any kind and size; API Gateway closes with 1003 and 1009.',
  ],
  ['socket paths', 'Without CloudFront there are no paths: the room stands in the query.'],
  ['socket logs', 'MiniStack keeps no logs of functions that its WebSocket API calls.'],
]);

/** What else is otherwise there, and how this run goes round it. */
export const KNOWN_DIFFERENCES: readonly string[] = [
  ...TEMPLATE_DIFFERENCES,
  'CloudFront: sockets do not pass its distributions, so the stack is deployed with edge=false.',
  'APIs answer on one address, under /_aws/execute-api/<id>/<stage>; links name a host that is not there, and are followed by their path.',
  'A connection’s frames are handled one after the other; on AWS at the same time.',
  'An event source’s batching window is not waited for: the audit looks at once, and may find a room whose writer is still at work.',
  'A deployment ends functions in the middle of their work, and the client gets a text; on AWS they finish it.',
  'A function is charged no memory or CPU, and no quota is enforced.',
];
