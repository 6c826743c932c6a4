/** A new id of 28 characters at most. Unlike `randomUUID`, it can be had in pages without TLS. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('');
