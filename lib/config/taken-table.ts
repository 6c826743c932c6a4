import type { Context } from './context.ts';

/** A table that is there already, and that no stack looks after. */
export interface TakenTable {
  name: string;
  arn: string;
  streamArn: string;
}

const STREAM =
  /^(?<arn>arn:aws[\w-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/(?<name>[\w.-]{3,255}))\/stream\/[\w.:-]+$/;

/**
 * A table by the ARN of its stream, which no name leads to. `npm run adopt` says it.
 *
 * @throws Error that names the setting, what it holds and what it takes
 */
export function readTakenTable(context: Context): TakenTable | undefined {
  const streamArn = context.text(
    'table',
    STREAM,
    'the ARN of the stream of a table that was restored; "npm run adopt" says it',
  );
  const { name, arn } = STREAM.exec(streamArn ?? '')?.groups ?? {};
  if (streamArn === undefined || name === undefined || arn === undefined) return undefined;
  return { name, arn, streamArn };
}
