/** What there is for Node only, beside index.ts. */
export { fileStore } from './file-store.ts';
