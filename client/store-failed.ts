import { ParlorClientError } from './errors.ts';

/** @param cause what the browser or the file system said */
export const storeFailed = (cause: unknown): ParlorClientError =>
  new ParlorClientError(
    'store_failed',
    'Messages can’t be kept on this device now: its storage is full, blocked or gone. ' +
      'Keep this open until everything is sent.',
    { cause },
  );
