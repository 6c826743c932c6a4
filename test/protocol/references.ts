/** Every `$ref` of a document that leads nowhere within it. */
export function brokenReferences(document: unknown): string[] {
  return references(document).filter((ref) => resolve(document, ref) === undefined);
}

/** What a `$ref` such as `#/components/schemas/Message` stands for. */
export function resolve(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  let at = document;
  for (const name of ref.slice(2).split('/')) {
    at = (at as Record<string, unknown> | undefined)?.[name];
  }
  return at;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner)] : references(inner),
  );
}
