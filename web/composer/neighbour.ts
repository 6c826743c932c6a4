/** What of an element's place on the screen is looked at. */
interface Placed {
  getBoundingClientRect(): { readonly top: number; readonly left: number };
}

/**
 * Where an arrow key leads to among elements that are set in rows.
 *
 * @returns undefined when the key leads nowhere, null when it leads up and out
 */
export function neighbour<T extends Placed>(
  elements: readonly T[],
  from: T,
  key: string,
): T | null | undefined {
  const index = elements.indexOf(from);
  if (index < 0) return undefined;
  if (key === 'ArrowRight') return elements[index + 1];
  if (key === 'ArrowLeft') return elements[index - 1] ?? null;
  if (key === 'ArrowDown') return nearest(elements.slice(index + 1), from);
  if (key === 'ArrowUp') return nearest(elements.slice(0, index).reverse(), from) ?? null;
  return undefined;
}

/** Of those in the next row, the one that stands most nearly under or above. */
function nearest<T extends Placed>(onwards: readonly T[], from: T): T | undefined {
  const { top, left } = from.getBoundingClientRect();
  let found: T | undefined;
  let row: number | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const element of onwards) {
    const place = element.getBoundingClientRect();
    if (place.top === top) continue;
    row ??= place.top;
    if (place.top !== row) break;
    if (Math.abs(place.left - left) >= distance) continue;
    found = element;
    distance = Math.abs(place.left - left);
  }
  return found;
}
