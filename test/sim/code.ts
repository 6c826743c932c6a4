import { pathToFileURL } from 'node:url';

/**
 * The code under test: the domain, the DynamoDB adapters and the client, from the repository or
 * from a copy of it into which a mistake was planted.
 */
export async function loadCode(root: string) {
  const at = (path: string) => new URL(path, pathToFileURL(`${root}/`)).href;
  const load = async <Module>(path: string): Promise<Module> => await import(at(path));
  const [pump, budget, shard, connections, history, expiry, sending, moderation, errors, names] =
    await Promise.all([
      load<typeof import('../../lambdas/chat/pump.ts')>('lambdas/chat/pump.ts'),
      load<typeof import('../../lambdas/chat/pump-budget.ts')>('lambdas/chat/pump-budget.ts'),
      load<typeof import('../../lambdas/chat/post-shard.ts')>('lambdas/chat/post-shard.ts'),
      load<typeof import('../../lambdas/chat/connections.ts')>('lambdas/chat/connections.ts'),
      load<typeof import('../../lambdas/chat/history.ts')>('lambdas/chat/history.ts'),
      load<typeof import('../../lambdas/chat/token-expiry.ts')>('lambdas/chat/token-expiry.ts'),
      load<typeof import('../../lambdas/chat/publish.ts')>('lambdas/chat/publish.ts'),
      load<typeof import('../../lambdas/chat/moderation.ts')>('lambdas/chat/moderation.ts'),
      load<typeof import('../../lambdas/edge/socket/errors.ts')>('lambdas/edge/socket/errors.ts'),
      load<typeof import('../../lambdas/aws/keys.ts')>('lambdas/aws/keys.ts'),
    ]);
  const [answers, actions, audit] = await Promise.all([
    load<typeof import('../../lambdas/chat/answer-frames.ts')>('lambdas/chat/answer-frames.ts'),
    load<typeof import('../../lambdas/edge/socket/actions.ts')>('lambdas/edge/socket/actions.ts'),
    load<typeof import('../../lambdas/edge/audit.ts')>('lambdas/edge/audit.ts'),
  ]);
  const [log, leases, inbox, presences, memberships, overlays, kinds] = await Promise.all([
    load<typeof import('../../lambdas/aws/event-log.ts')>('lambdas/aws/event-log.ts'),
    load<typeof import('../../lambdas/aws/lease-store.ts')>('lambdas/aws/lease-store.ts'),
    load<typeof import('../../lambdas/aws/inbox.ts')>('lambdas/aws/inbox.ts'),
    load<typeof import('../../lambdas/aws/connection-store.ts')>('lambdas/aws/connection-store.ts'),
    load<typeof import('../../lambdas/aws/membership-store.ts')>('lambdas/aws/membership-store.ts'),
    load<typeof import('../../lambdas/aws/overlay-store.ts')>('lambdas/aws/overlay-store.ts'),
    load<typeof import('../../features/kinds.ts')>('features/kinds.ts'),
  ]);
  const client = await load<typeof import('../../client/parlor.ts')>('client/parlor.ts');
  return {
    client,
    ...pump,
    ...budget,
    ...shard,
    ...connections,
    ...history,
    ...expiry,
    ...sending,
    ...moderation,
    ...errors,
    ...names,
    ...answers,
    ...actions,
    ...audit,
    ...log,
    ...leases,
    ...inbox,
    ...presences,
    ...memberships,
    ...overlays,
    ...kinds,
  };
}

export type Code = Awaited<ReturnType<typeof loadCode>>;
