import { expect, test } from '@jest/globals';
import { sendActions } from '../../../../lambdas/edge/socket/actions.ts';
import { frameHandler } from '../../../../lambdas/edge/socket/frame-handler.ts';
import { FLOOD_REFUSALS, FRAME_BURST } from '../../../../protocol/limits.ts';
import { aContext } from '../context.ts';
import { withConnection } from './speaking.ts';

/** One process that Alice's connection floods with messages; it counts what the stores are asked. */
async function flooded(routeKey: string) {
  const services = await withConnection();
  const asked = { touch: 0, head: 0 };
  const { touch } = services.connections;
  const { head } = services.log;
  services.connections.touch = (...args) => {
    asked.touch++;
    return touch(...args);
  };
  services.log.head = (...args) => {
    asked.head++;
    return head(...args);
  };
  const handler = frameHandler(services, sendActions);
  const send = async (body: object) =>
    await handler(
      {
        requestContext: { connectionId: 'c1', requestId: 'r1', routeKey },
        body: JSON.stringify(body),
      },
      aContext(),
    );
  return { services, asked, send };
}

const message = { action: 'sendMessage', id: 'm', room: 'elsewhere', content: 'hello' };

test('a flood asks the table once after its burst, is told each time, and then closed', async () => {
  const { services, asked, send } = await flooded('sendMessage');
  for (let frame = 0; frame < FRAME_BURST + 1; frame++) await send(message);
  expect(asked).toEqual({ touch: FRAME_BURST + 1, head: FRAME_BURST + 1 });
  for (let frame = 2; frame <= FLOOD_REFUSALS; frame++) {
    expect(services.gateway.closed).toEqual([]);
    const { body } = await send(message);
    expect(JSON.parse(body ?? '')).toMatchObject({
      ...{ type: 'error', code: 'rate_limited', retryAfter: 1, ref: 'm' },
    });
  }
  expect(asked).toEqual({ touch: FRAME_BURST + 1, head: FRAME_BURST + 1 });
  expect(services.gateway.closed).toEqual(['c1']);
});

test('an old client that floods is told once a second', async () => {
  const { services, send } = await flooded('$default');
  const told = () => services.gateway.framesTo('c1').filter((frame) => frame.includes('too fast'));
  const mischief = { message: ' ' };
  for (let frame = 0; frame < FRAME_BURST + 50; frame++) await send(mischief);
  expect(told()).toHaveLength(1);
  services.clock.advance(1_000);
  for (let frame = 0; frame < 50; frame++) await send(mischief);
  expect(told()).toHaveLength(2);
});
