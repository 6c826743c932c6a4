import { afterAll } from '@jest/globals';
import { Window } from 'happy-dom';

// To be imported before React's renderer, which looks for a page while it is loaded.
const window = new Window();
Object.assign(globalThis, {
  window,
  document: window.document,
  IS_REACT_ACT_ENVIRONMENT: true,
});
afterAll(() => window.happyDOM.close());
