/** One member of a room, whatever the server speaks. */
export interface WireMember {
  send(content: string): void;
  close(): void;
}

export interface WireOptions {
  /** http://127.0.0.1:PORT */
  url: string;
  token: string;
  /** Of \w only: not every peer takes more. */
  room: string;
  /** Called with the content of each message of the room, its own included. */
  onContent(content: string): void;
  /** Called for each message of its own that the server tells it didn't take. */
  onRefused(): void;
}

/** @returns a member that gets all that is said in the room from now on. @throws Error when refused */
export type Wire = (options: WireOptions) => Promise<WireMember>;

export type WireName = 'parlor' | 'channels' | 'socket.io' | 'centrifugo' | 'samples';
