/**
 * undici's Pool by itself: half of the time that the whole package takes to load, and a third of
 * its bytes. Without the rest it has no `request`, only `dispatch`.
 */
declare module 'undici/lib/dispatcher/pool.js' {
  export { Pool as default } from 'undici';
}
