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
export const first = (rate: FrameRate, now: number, drops = 1): FrameWrite => ({
  UpdateExpression: `SET ${DRAINED_AT} = :drained`,
  ConditionExpression: `(attribute_not_exists(${DRAINED_AT}) OR ${DRAINED_AT} <= :now)`,
  ExpressionAttributeValues: { ':drained': now + drops * dropOf(rate), ':now': now },
});

/** Holds when there is room for more in a bucket that is not empty. */
export const another = (rate: FrameRate, now: number, drops = 1): FrameWrite => ({
  UpdateExpression: `SET ${DRAINED_AT} = ${DRAINED_AT} + :drop`,
  ConditionExpression: `${DRAINED_AT} <= :latest`,
  ExpressionAttributeValues: { ':drop': drops * dropOf(rate), ':latest': latest(rate, now, drops) },
});

/** Until when a bucket may be drained that has room for more. */
export const latest = (rate: FrameRate, now: number, drops = 1): number =>
  now + (rate.burst - drops) * dropOf(rate);

/**
 * The same for a connection, which also counts the frames that have not been drawn from its user's
 * budget: so many may be, and then they are drawn together. A budget for each frame would be one write
 * more for each.
 */
export const FRAMES_PER_DRAW = 20;

export const undrawn = (write: FrameWrite): FrameWrite => ({
  UpdateExpression: `${write.UpdateExpression}, undrawn = if_not_exists(undrawn, :none) + :one`,
  ConditionExpression: `${write.ConditionExpression} AND (attribute_not_exists(undrawn) OR undrawn < :few)`,
  ExpressionAttributeValues: {
    ...write.ExpressionAttributeValues,
    ':none': 0,
    ':one': 1,
    ':few': FRAMES_PER_DRAW,
  },
});

/**
 * A frame with which the others are drawn: whoever counts it draws for all of them. Holds while nobody
 * else has counted one.
 *
 * @param seen `drainedAt` before it
 */
export const drawing = (rate: FrameRate, now: number, seen: number): FrameWrite => ({
  UpdateExpression: `SET ${DRAINED_AT} = :drained, undrawn = :one`,
  ConditionExpression: `${DRAINED_AT} = :seen`,
  ExpressionAttributeValues: {
    ':drained': Math.max(seen, now) + dropOf(rate),
    ':seen': seen,
    ':one': 1,
  },
});

/** Puts them back, where the budget had not enough: until it has, no frame is counted. */
export const notDrawn = (): FrameWrite => ({
  UpdateExpression: 'SET undrawn = :few',
  ConditionExpression: 'attribute_exists(undrawn)',
  ExpressionAttributeValues: { ':few': FRAMES_PER_DRAW },
});
