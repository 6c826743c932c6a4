declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The options used here; see the package's README for all. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}
