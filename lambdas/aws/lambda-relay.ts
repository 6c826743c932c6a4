import type { Clock } from '../chat/ports/clock.ts';
import type { FanOutJob, Relay } from '../chat/ports/relay.ts';
import type { ShardReport } from '../chat/post-shard.ts';
import type { PostClient } from './environment.ts';
import { httpPoster } from './posts/http-poster.ts';
import { type AwsCredentials, requestSigner } from './request-signer.ts';

export interface LambdaRelayOptions {
  /** The fanout function's name. */
  functionName: string;
  region: string;
  credentials: AwsCredentials;
  clock: Clock;
  /** Default: https://lambda.<region>.amazonaws.com. */
  endpoint?: string | undefined;
  /** What makes the calls. Default: lean. */
  client?: PostClient;
}

/** A worker begins no post after its task's `until`; the last may take its own deadline. */
const LAST_POST_MS = 4_000;
const HAND_ON_DEADLINE_MS = 5_000;

/**
 * The fanout function as further workers, through Lambda's Invoke API: one operation, for which
 * the service's SDK client would be as large as all the rest of send-message.
 */
export function lambdaRelay(options: LambdaRelayOptions): Relay {
  const { functionName, region, credentials, clock, client = 'lean' } = options;
  const { host, origin } = new URL(options.endpoint ?? `https://lambda.${region}.amazonaws.com`);
  const sign = requestSigner('lambda', region, credentials);
  const post = httpPoster({ client, origin, deadlineMs: HAND_ON_DEADLINE_MS });
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;

  async function invoke(job: FanOutJob, type: 'Event' | 'RequestResponse', deadlineMs: number) {
    const body = JSON.stringify(job);
    const headers = sign({
      host,
      path,
      body,
      now: clock.now(),
      headers: { 'x-amz-invocation-type': type },
    });
    const answer = await post({ path, headers, body, deadlineMs });
    const failed = answer.headers['x-amz-function-error'];
    if (answer.status >= 300 || failed || answer.body === undefined) {
      throw new Error(`Lambda answered ${answer.status}${failed ? `, ${failed}` : ''}.`);
    }
    return answer.body;
  }

  return {
    async handOn(room, ticket) {
      await invoke({ kind: 'resume', room, ticket }, 'Event', HAND_ON_DEADLINE_MS);
    },
    async postShard(task) {
      const deadlineMs = Math.max(0, task.until - clock.now()) + LAST_POST_MS;
      const answer = await invoke({ kind: 'shard', task }, 'RequestResponse', deadlineMs);
      return JSON.parse(answer) as ShardReport;
    },
  };
}
