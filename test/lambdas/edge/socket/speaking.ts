import { expect } from '@jest/globals';
import type { Connection } from '../../../../lambdas/chat/connection.ts';
import { roomActions, sendActions } from '../../../../lambdas/edge/socket/actions.ts';
import type { FrameEvent, SocketAnswer } from '../../../../lambdas/edge/socket/events.ts';
import { frameHandler } from '../../../../lambdas/edge/socket/frame-handler.ts';
import { ServerFrames } from '../../../../protocol/frames.ts';
import { aConnection, anAccount } from '../../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../../fakes/services.ts';
import { aContext } from '../context.ts';

/** Which function a frame goes to: API Gateway chooses by the action. */
export type Route = 'send' | 'room';

// biome-ignore lint/suspicious/noExplicitAny: looked at by matchers, and checked by its schema
type Frame = any;

/** Services with Alice's connection `c1` in the lobby. */
export async function withConnection(given: Partial<Connection> = {}): Promise<FakeServices> {
  const services = fakeServices();
  await services.accounts.create(anAccount());
  await services.connections.add(aConnection({ id: 'c1', ...given }));
  return services;
}

/** Hands the handler a frame, and checks the answer against the contract. @returns its body */
export async function speak(
  services: FakeServices,
  route: Route,
  frame: unknown,
  event: Partial<FrameEvent> = {},
): Promise<Frame | undefined> {
  const handler =
    route === 'send' ? frameHandler(services, sendActions) : frameHandler(services, roomActions);
  const whole: FrameEvent = {
    requestContext: { connectionId: 'c1', requestId: 'r1' },
    body: typeof frame === 'string' ? frame : JSON.stringify(frame),
    ...event,
  };
  const answer = (await handler(whole, aContext())) as SocketAnswer;
  expect(answer.statusCode).toBe(200);
  if (answer.body === undefined) return undefined;
  const said = JSON.parse(answer.body);
  const schema = ServerFrames[said.type as 'ack'];
  expect(schema.safeParse(said).error).toBeUndefined();
  return said;
}
