import { ParlorClientError } from './errors.ts';

/** @param cause what the browser or the file system said */
export const storeFailed = (cause: unknown): ParlorClientError =>
  new ParlorClientError(
    'store_failed',
    'Messages can’t be kept on this device now. Keep this open until all are sent.',
    { cause },
  );
