/** Browsers that know `field-sizing` need no help, see style/composer.css. */
const ALONE = CSS.supports('field-sizing', 'content');

/** Makes a field as high as its text; CSS bounds it. */
export function fitHeight(field: HTMLTextAreaElement): void {
  if (ALONE) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
