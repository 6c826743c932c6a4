import type { FrameRate } from '../chat/ports/connection-store.ts';
import { type Table, toTtl, updateIf } from './dynamo.ts';
import { another, type FrameWrite, first } from './frame-rate.ts';
import type { Key } from './keys.ts';

/**
 * Puts drops into a bucket that has an item of its own: one write where it is empty, as it mostly is,
 * else two. The item may go once it would be empty again.
 *
 * @returns whether there was room for all of them; otherwise none is put in
 */
export async function fillBucket(
  table: Table,
  Key: Key,
  rate: FrameRate,
  now: number,
  drops = 1,
): Promise<boolean> {
  const fits = async (write: FrameWrite) =>
    (await updateIf(table, {
      ...write,
      Key,
      UpdateExpression: `${write.UpdateExpression}, expiresAt = :expiresAt`,
      ExpressionAttributeValues: {
        ...write.ExpressionAttributeValues,
        ':expiresAt': toTtl(now + (1_000 * rate.burst) / rate.perSecond),
      },
    })) !== undefined;
  return (await fits(first(rate, now, drops))) || (await fits(another(rate, now, drops)));
}
