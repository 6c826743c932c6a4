import * as z from 'zod/mini';

export type JsonSchema = Record<string, unknown>;

/** What a document holds under `components.schemas`. */
export interface Components {
  schemas: Record<string, JsonSchema>;
  /** `{ $ref }` to the schema of a type that was given. Throws for one that was not. */
  ref: (type: z.ZodMiniType) => { $ref: string };
}

/** @example schemaOf(z.string()) // { type: 'string' } */
export function schemaOf(type: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input' });
  return schema;
}

/**
 * JSON Schemas by name, which refer to each other where one type holds another.
 *
 * @param received what the server is sent: members that a type doesn't name are refused where the
 *   type is strict
 * @param sent what the server sends: open, so that a client which checks by the contract survives
 *   a member that is added later
 */
export function components(
  received: Record<string, z.ZodMiniType>,
  sent: Record<string, z.ZodMiniType>,
): Components {
  const registry = z.registry<{ id: string }>();
  const names = new Map<unknown, string>();
  for (const [id, type] of Object.entries({ ...received, ...sent })) {
    registry.add(type, { id });
    names.set(type, id);
  }
  const strict = new Set<unknown>(Object.values(received));
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri,
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.additionalProperties === false && !strict.has(zodSchema)) {
        delete jsonSchema.additionalProperties;
      }
    },
  });
  return {
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
    ),
    ref: (type) => {
      const id = names.get(type);
      if (id === undefined) throw new TypeError('A type that the document has no name for.');
      return { $ref: uri(id) };
    },
  };
}
