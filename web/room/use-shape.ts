import { useState } from 'react';
import type { Line } from './lines.ts';
import { NO_SHAPE, nextShape, type Shape } from './shape.ts';

/** How the lines of this rendering relate to those of the last one. */
export function useShape(lines: readonly Line[]): Shape {
  const [shape, setShape] = useState(NO_SHAPE);
  const next = nextShape(shape, lines);
  // Set while rendering: React renders again at once, before anything is shown.
  if (next !== shape) setShape(next);
  return next;
}
