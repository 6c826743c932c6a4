import { describe, expect, test } from '@jest/globals';
import { openApiDocument } from '../../../../protocol/openapi.ts';
import { EXAMPLES } from '../../../../protocol/openapi-examples.ts';
import type { Operation } from '../../../../protocol/operation.ts';
import { type OperationId, operations } from '../../../../protocol/rest.ts';
import { anAccount } from '../../../fakes/samples.ts';
import { fakeServices } from '../../../fakes/services.ts';
import { ask } from './asking.ts';

const { schemas } = openApiDocument().components;

/** Each text of each body, with the schema that the contract has for it. */
const texts = (Object.entries(operations) as [OperationId, Operation][]).flatMap(
  ([id, { method, path, body }]) =>
    Object.entries(body?.shape ?? {}).flatMap(([field]) => {
      const example = EXAMPLES[id].body as Record<string, unknown>;
      return typeof example[field] === 'string' ? [{ id, method, path, field, example }] : [];
    }),
);

function statedOf(field: string): unknown[] {
  return Object.values(schemas).flatMap(({ properties }) => {
    const stated = (properties as Record<string, object> | undefined)?.[field];
    return stated ? [stated] : [];
  });
}

describe('a blank text', () => {
  test.each(texts)('in $field of $id is refused, as the contract says', async (given) => {
    const services = fakeServices();
    await services.accounts.create(anAccount({ superuser: true }));
    const { method, path, field, example } = given;
    const { status } = await ask(
      services,
      method,
      path.replace('{room}', 'lobby').replace('{seq}', '7'),
      {
        token: await services.tokens.access('alice'),
        body: { ...example, [field]: '' },
      },
    );
    expect(status).toBe(400);
    expect(statedOf(field)).toContainEqual(expect.objectContaining({ minLength: 1 }));
  });

  test('is looked for in every body that has one', () => {
    expect(new Set(texts.map(({ field }) => field))).toEqual(
      new Set(['username', 'password', 'refresh', 'token', 'content']),
    );
  });
});
