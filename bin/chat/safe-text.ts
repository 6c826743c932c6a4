/**
 * What would do more than show: C0 and C1 controls but tab and line feed, which a terminal obeys
 * (a carriage return writes over the line), and marks that change the direction of what follows,
 * also of other people's words.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const ACTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A text of somebody else's, made fit for a terminal: each of these becomes visible. */
export function safeText(text: string): string {
  return text.toWellFormed().replaceAll('\r\n', '\n').replaceAll(ACTIVE, picture);
}

/** Unicode has pictures of the old control characters: ␛ for escape. */
function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : '\ufffd';
}
