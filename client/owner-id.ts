/** A new id for a store's owner. Unlike `randomUUID`, this exists in pages without TLS as well. */
export const newOwnerId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
