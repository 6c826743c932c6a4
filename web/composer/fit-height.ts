/** Browsers that know `field-sizing` need no help, see style/composer.css. */
const ALONE = CSS.supports('field-sizing', 'content');

/** Makes a field as high as its text; CSS bounds it. */
export function fitHeight(field: HTMLTextAreaElement): void {
  if (ALONE) return;
  const box = field.parentElement;
  // Held open while the field is measured: what stands above would grow, and lose its place.
  if (box) box.style.minHeight = `${box.offsetHeight}px`;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
  if (box) box.style.minHeight = '';
}
