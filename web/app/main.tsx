import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { stayAboveKeyboard } from './on-screen-keyboard.ts';

const page = document.getElementById('page');
if (!page) throw new Error('index.html has an element for the page.');
stayAboveKeyboard();
/*
 * A browser that translates the page puts elements in the place of its texts, and React stumbles
 * over one that is gone. So a text is always the only child of its element, whose content React
 * sets as a whole: never one beside an element, or beside what may be one.
 */
createRoot(page).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
