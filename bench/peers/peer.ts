import type { ServerProcess } from './server-process.ts';
import type { WireName } from './wires/wire.ts';

/** Users of every peer; members of a room share them. */
export const USERS = Array.from({ length: 100 }, (_, n) => `user-${n}`);

/** A chat server that is measured. */
export interface Peer {
  name: string;
  /** By which its clients speak to it. */
  wire: WireName;
  /** What it keeps, and what of that survives. */
  stores: string;
  /** Why it does less than Parlor for a message: told where it is ahead. */
  doesLess: string;
  /** False where all connections are one room. */
  hasRooms: boolean;
  /**
   * Installs it, if need be.
   *
   * @param folder its own, which stays from run to run
   * @throws Error saying what can't be had
   */
  install(folder: string): Promise<void>;
  /**
   * @param installed the folder of `install`
   * @param data an empty folder, for this run alone
   * @throws Error with the last that it said
   */
  start(installed: string, data: string): Promise<StartedPeer>;
}

export interface StartedPeer {
  server: ServerProcess;
  /** http://127.0.0.1:PORT */
  url: string;
  /** A token for each of USERS that lasts at least five minutes from now. */
  tokens(): Promise<string[]>;
}
