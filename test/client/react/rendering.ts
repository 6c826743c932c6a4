import './page.ts';
import { afterEach } from '@jest/globals';
import { act, createElement, type ReactNode, StrictMode, startTransition } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { ParlorProvider } from '../../../client/react/index.ts';
import type { Parlor } from '../../../client/types.ts';

export interface Rendered {
  readonly text: string;
  show(node: ReactNode): Promise<void>;
  /** As something that may be interrupted, and thrown away. */
  showLater(node: ReactNode): Promise<void>;
  showAsBrowsersDo(node: ReactNode): Promise<void>;
  unmount(): Promise<void>;
}

/** Lets React render and run effects when it likes, as in a browser. */
export async function asBrowsersDo(action: () => void): Promise<void> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  action();
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
}

const roots = new Set<Root>();

afterEach(async () => {
  for (const root of roots) await act(async () => root.unmount());
  roots.clear();
});

/** Renders in a page, for as long as a test runs. */
export async function render(node: ReactNode): Promise<Rendered> {
  const container = document.createElement('div');
  const root = createRoot(container);
  roots.add(root);
  const show = (next: ReactNode) => act(async () => root.render(next));
  await show(node);
  return {
    get text() {
      return container.textContent ?? '';
    },
    show,
    showLater: (next) => act(async () => startTransition(() => root.render(next))),
    showAsBrowsersDo: (next) => asBrowsersDo(() => root.render(next)),
    unmount: () => show(null),
  };
}

export const within = (client: Parlor, ...children: ReactNode[]): ReactNode =>
  createElement(ParlorProvider, { client }, ...children);

export const strict = (node: ReactNode): ReactNode => createElement(StrictMode, null, node);
