/** A module of WebAssembly. */
export const bytes: Buffer<ArrayBuffer>;
