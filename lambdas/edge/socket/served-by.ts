import type { ClientFrames } from '../../../protocol/frames.ts';

/** What a frame can ask for. The old clients' frame names none; it goes where `sendMessage` goes. */
export type ActionName = Exclude<keyof typeof ClientFrames, 'shorthand'>;

/**
 * Which function serves an action. The routes of the socket's API come from it, deployed and local, and
 * a function's actions are held to it: one that is missing anywhere doesn't compile.
 */
export const SERVED_BY = {
  sendMessage: 'sendMessage',
  edit: 'sendMessage',
  delete: 'sendMessage',
  join: 'roomAction',
  leave: 'roomAction',
  ping: 'roomAction',
  auth: 'roomAction',
} as const satisfies Record<ActionName, 'sendMessage' | 'roomAction'>;

export type SocketFunction = (typeof SERVED_BY)[ActionName];

/** The actions that a function serves. */
export type ServedBy<Server extends SocketFunction> = {
  [Name in ActionName]: (typeof SERVED_BY)[Name] extends Server ? Name : never;
}[ActionName];

export const ACTION_NAMES = Object.keys(SERVED_BY) as readonly ActionName[];
