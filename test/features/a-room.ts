import type { Connection } from '../../lambdas/chat/connection.ts';
import { START } from '../fakes/fake-clock.ts';
import { aConnection } from '../fakes/samples.ts';
import type { FakeServices } from '../fakes/services.ts';
import { ask } from '../lambdas/edge/http/asking.ts';
import { speak, withConnection } from '../lambdas/edge/socket/speaking.ts';

/** A room in which Alice is by `c1`, Bob by `c2` and, as an old client, Carol by `c3`. */
export async function aRoom() {
  // Long enough for whatever a test does.
  const until = START + 24 * 60 * 60 * 1_000;
  const services = await withConnection({ authUntil: until, expiresAt: until });
  const others: Partial<Connection>[] = [
    { id: 'c2', userId: 'bob', username: 'Bob' },
    { id: 'c3', userId: 'carol', username: 'Carol', dialect: 'legacy' },
  ];
  for (const other of others) await services.connections.add(aConnection(other));
  return services;
}

/** Hands a frame of Alice's to the send-message function. @returns the answer */
export const act = async (services: FakeServices, frame: object) =>
  (await speak(services, 'send', { room: 'lobby', ...frame })) as Record<string, unknown>;

export const say = (services: FakeServices, content: string, given: object = {}) =>
  act(services, { action: 'sendMessage', content, ...given });

/** What a connection was sent, the events of packed frames one by one. */
export const sentTo = ({ gateway }: FakeServices, id: string): Record<string, unknown>[] =>
  gateway
    .framesTo(id)
    .map((text) => JSON.parse(text))
    .flatMap((frame) => frame.events ?? [frame]);

/** What REST answers to Alice. */
export async function get(services: FakeServices, path: string, query = '') {
  const token = await services.tokens.access('alice');
  return await ask(services, 'GET', path, { token, query });
}
