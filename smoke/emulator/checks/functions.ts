import type { StackResource } from '@aws-sdk/client-cloudformation';
import { expect } from 'expect';
import type { Group } from '../../check.ts';
import { readFunctionLog } from '../function-logs.ts';
import type { Emulator } from '../ministack.ts';

const BEHIND_SOCKETS = ['Connect', 'Disconnect', 'SendMessage', 'RoomAction'];

/** A function's log group, as its construct names it. */
const LOG_GROUP = /^(\w+)Logs[0-9A-F]{8}$/;

/**
 * What the functions wrote while they were talked to. A permission that is missing where a client
 * notices nothing (a pump that can't hand on, an audit that can't pump) shows here.
 */
export function functionsAtWork(resources: readonly StackResource[]): Group<Emulator> {
  const groups = resources.flatMap(({ ResourceType, LogicalResourceId, PhysicalResourceId }) => {
    const name = LOG_GROUP.exec(LogicalResourceId ?? '')?.[1];
    if (ResourceType !== 'AWS::Logs::LogGroup' || !name || !PhysicalResourceId) return [];
    return [{ name, group: PhysicalResourceId }];
  });
  if (groups.length === 0) throw new Error('The stack has no log group of a function.');
  return {
    title: 'the functions',
    checks: groups.map(({ name, group }) => ({
      name: `${name} was called, and has never failed`,
      ...(BEHIND_SOCKETS.includes(name) && { needs: ['socket logs'] as const }),
      async run(emulator) {
        const { calls, failures } = await readFunctionLog(emulator, group);
        expect(failures).toEqual([]);
        expect(calls).toBeGreaterThan(0);
      },
    })),
  };
}
