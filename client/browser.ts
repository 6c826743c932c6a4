/** All that a page without a bundler may want, in one file: index.ts and what there is beside it. */
export * from './index.ts';
export { indexedDbStore } from './indexed-db-store.ts';
export * from './session.ts';
export * from './timeline.ts';
