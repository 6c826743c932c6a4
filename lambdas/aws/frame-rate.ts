import type { FrameRate } from '../chat/ports/connection-store.ts';

/**
 * A connection's budget of frames: a bucket that leaks. A frame is a drop in it, `perSecond` drops
 * leak out each second, and it holds `burst`. All of it is one attribute: the time at which the
 * bucket will have drained, in milliseconds since 1970.
 *
 * A frame moves that to `max(drainedAt, now) + drop`. DynamoDB's expressions know no `max`, so there
 * are two writes to choose from. `first` fits an empty bucket, in which everything ends up that
 * people do: it is tried first, in the write that identifies the frame's sender anyway. Only frames
 * that come in a burst take `another`, after the first has failed.
 */
export interface FrameWrite {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, number>;
}

/** The attribute's name. Absent: nothing was sent yet. */
const DRAINED_AT = 'drainedAt';

const dropOf = ({ perSecond }: FrameRate) => 1_000 / perSecond;

/** Holds when the bucket is empty. @param now milliseconds since 1970 */
export const first = (rate: FrameRate, now: number): FrameWrite => ({
  UpdateExpression: `SET ${DRAINED_AT} = :drained`,
  ConditionExpression: `(attribute_not_exists(${DRAINED_AT}) OR ${DRAINED_AT} <= :now)`,
  ExpressionAttributeValues: { ':drained': now + dropOf(rate), ':now': now },
});

/** Holds when there is room for one more drop in a bucket that is not empty. */
export const another = (rate: FrameRate, now: number): FrameWrite => ({
  UpdateExpression: `SET ${DRAINED_AT} = ${DRAINED_AT} + :drop`,
  ConditionExpression: `${DRAINED_AT} <= :latest`,
  ExpressionAttributeValues: { ':drop': dropOf(rate), ':latest': latest(rate, now) },
});

/** Until when a bucket may be drained that has room for one more drop. */
export const latest = (rate: FrameRate, now: number): number =>
  now + (rate.burst - 1) * dropOf(rate);
