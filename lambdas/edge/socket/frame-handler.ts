import type { ServerFrame } from '../../../protocol/frames.ts';
import { type ConnectionPorts, identify } from '../../chat/connections.ts';
import { FloodGate } from '../../chat/flood-gate.ts';
import type { ConnectionGateway } from '../../chat/ports/connection-gateway.ts';
import { journaled, type Notes } from '../journal.ts';
import type { Observed } from '../observed.ts';
import { shell } from '../shell.ts';
import type { Actions } from './actions.ts';
import { asParlorError, errorFrames, withRef } from './errors.ts';
import type { FrameEvent, SocketAnswer } from './events.ts';
import { readFrame, unknownAction } from './parse-frame.ts';

export interface FramePorts extends ConnectionPorts, Observed {
  /** By which errors are told on the default route. */
  gateway: ConnectionGateway;
}

/**
 * A frame's way: who sent it, what it asks for, the answer.
 *
 * @param actions those that the function's routes bring; others get `unknown_action`
 */
export function frameHandler<Services extends FramePorts>(
  services: Services,
  actions: Actions<Services>,
) {
  // For as long as the process lives.
  const floods = new FloodGate(services);
  return shell<FrameEvent, SocketAnswer>(services)
    .use(errorFrames(services.gateway))
    .handler(async (event): Promise<SocketAnswer> => {
      const { connectionId, requestId } = event.requestContext;
      const notes: Notes = { connectionId, ...(requestId && { requestId }) };
      const { ref, frame, error } = readFrame(event);
      try {
        return await journaled(services, frame?.action ?? '$default', notes, async () => {
          // Counted before it is looked at, so that a flood of garbage is bounded like any other.
          await floods.pass(connectionId);
          const identified = floods.learn(connectionId, identify(services, connectionId));
          const handle = frame && actions[frame.action];
          if (!handle) {
            await identified;
            throw error ?? unknownAction('This route does not serve the action.');
          }
          // The frame has the type that its action's handler takes; TypeScript can't follow that
          // through the look-up.
          return answer(await handle(services, identified, frame as never, notes));
        });
      } catch (failure) {
        throw withRef(asParlorError(failure), ref);
      }
    });
}

const answer = (frame: ServerFrame | undefined): SocketAnswer =>
  frame ? { statusCode: 200, body: JSON.stringify(frame) } : { statusCode: 200 };
