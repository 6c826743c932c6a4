import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { stayAboveKeyboard } from './on-screen-keyboard.ts';

const page = document.getElementById('page');
if (!page) throw new Error('index.html has an element for the page.');
stayAboveKeyboard();
createRoot(page).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
