import type { MiddlewareObj } from '@middy/core';
import type { Meter } from '../chat/ports/meter.ts';
import type { Journal } from './journal.ts';

/** By what a handler is seen from outside. */
export interface Observed {
  journal: Journal;
  meter: Meter;
  /** What goes around each invocation, the first outermost: traces, the writing of metrics. */
  instruments?: readonly MiddlewareObj[];
}
