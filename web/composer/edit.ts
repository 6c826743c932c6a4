/**
 * Puts a text in place of what is selected in a field, as if it had been typed: the browser can undo
 * it, and tells of it by an `input` event. What sets a field's value any other way takes its
 * history away, or leaves one that no longer fits.
 */
export function typeInto(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  const { selectionStart, selectionEnd } = field;
  if (text === '' && selectionStart === selectionEnd) return;
  const command = text === '' ? 'delete' : 'insertText';
  // Deprecated, and the one way that there is: no browser has another for this.
  if (document.execCommand?.(command, false, text)) return;
  field.setRangeText(text, selectionStart, selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Empties a field; undoing it brings back what was written. */
export function empty(field: HTMLTextAreaElement): void {
  field.select();
  typeInto(field, '');
}
