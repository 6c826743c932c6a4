import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { Parlor } from '../types.ts';

const ParlorContext = createContext<Parlor | undefined>(undefined);

/** Gives a client to the hooks below it. The component that made the client closes it. */
export function ParlorProvider(props: { client: Parlor; children?: ReactNode }): ReactElement {
  return createElement(ParlorContext.Provider, { value: props.client }, props.children);
}

/** The client of the nearest `ParlorProvider`. @throws Error outside of one */
export function useParlor(): Parlor {
  const client = useContext(ParlorContext);
  if (client) return client;
  throw new Error('There is no <ParlorProvider> around this component. Put one around the page.');
}
