import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body to its end, and keeps it if it has at most `limit` bytes. What is too
 * large is read all the same: a client that is cut off while it sends never sees its answer.
 *
 * @throws when the client goes away in the middle
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > limit ? 'too large' : Buffer.concat(chunks, size);
}
