import { errorFrame } from '../lambdas/chat/answer-frames.ts';
import { readFrame } from '../lambdas/edge/socket/parse-frame.ts';
import { ParlorError } from '../protocol/errors.ts';

/** What tells a client that its frame was not looked at: as when it sends too fast (PROTOCOL.md). */
export function refusedFrame(body: string, retryAfter: number): string {
  const { ref } = readFrame({ requestContext: { connectionId: '' }, body });
  const error = new ParlorError(
    'rate_limited',
    `There is too much to do just now. Wait ${retryAfter} s, then send it again.`,
    { retryAfter },
  );
  return JSON.stringify(errorFrame(error, ref));
}
