import { useState } from 'react';
import { remembered } from './storage.ts';

/** `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

/** public/theme.js reads it before the first paint. */
const KEY = 'parlor-theme';

function rememberedTheme(): Theme {
  const theme = remembered.get(KEY);
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
}

/** The theme, and what changes it here and for the next visit. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, show] = useState(rememberedTheme);
  const choose = (chosen: Theme) => {
    if (chosen === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    remembered.set(KEY, chosen === 'auto' ? undefined : chosen);
    show(chosen);
  };
  return [theme, choose];
}
