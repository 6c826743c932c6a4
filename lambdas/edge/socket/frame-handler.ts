import middy from '@middy/core';
import type { ServerFrame } from '../../../protocol/frames.ts';
import { type ConnectionPorts, identify } from '../../chat/connections.ts';
import { type Journal, journaled, type Notes } from '../journal.ts';
import type { Actions } from './actions.ts';
import { asParlorError, errorFrames, withRef } from './errors.ts';
import type { FrameEvent, SocketAnswer } from './events.ts';
import { readFrame, unknownAction } from './parse-frame.ts';

/**
 * A frame's way: who sent it, what it asks for, the answer.
 *
 * @param actions those that the function's routes bring; others get `unknown_action`
 */
export function frameHandler<Services extends ConnectionPorts & { journal: Journal }>(
  services: Services,
  actions: Actions<Services>,
) {
  return middy<FrameEvent, SocketAnswer>()
    .use(errorFrames())
    .handler(async (event): Promise<SocketAnswer> => {
      const { connectionId, requestId } = event.requestContext;
      const notes: Notes = { connectionId, ...(requestId && { requestId }) };
      const { ref, frame, error } = readFrame(event);
      try {
        return await journaled(services.journal, frame?.action ?? '$default', notes, async () => {
          // Counted before it is looked at, so that a flood of garbage is bounded like any other.
          const connection = await identify(services, connectionId);
          notes.userId = connection.userId;
          if (!frame) throw error;
          const handle = actions[frame.action];
          if (!handle) throw unknownAction('This route does not serve the action.');
          // The frame has the type that its action's handler takes; TypeScript can't follow that
          // through the look-up.
          return answer(await handle(services, connection, frame as never, notes));
        });
      } catch (failure) {
        throw withRef(asParlorError(failure), ref);
      }
    });
}

const answer = (frame: ServerFrame | undefined): SocketAnswer =>
  frame ? { statusCode: 200, body: JSON.stringify(frame) } : { statusCode: 200 };
