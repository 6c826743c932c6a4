/**
 * Bytes as text. Undefined where they are no UTF-8: whoever put U+FFFD in their place would take
 * two passwords for one, or store what nobody wrote.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
