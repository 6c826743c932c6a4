import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { THROTTLES } from '../../lib/config/throttles.ts';
import { type Load, loadOf } from './load.ts';
import { MEASURED } from './measured.ts';
import type { Prediction } from './model.ts';
import { LIMITS } from './prices.ts';
import { DAYS } from './usage.ts';

/** One of AWS's quotas, or of ours, and how near a load comes to it in its busiest hour. */
export interface Quota {
  name: string;
  limit: number;
  needed: number;
  unit: string;
  /** How it is raised, or what to do instead. */
  raise: string;
}

/** From first to last in the order in which they usually bind. */
export function quotasOf(load: Load, prediction: Prediction): Quota[] {
  const { users, hoursPerDay, peak, roomSize } = loadOf(load);
  const { usage, roomMessages, rounds, requests } = prediction;
  const busiest = (inMonth: number) => (peak * inMonth) / (DAYS * hoursPerDay * 3_600);
  const rooms = users / roomSize;
  const sendSeconds = (MEASURED.gatewayMs + 6 * MEASURED.dynamoMs + 2 * MEASURED.postMs) / 1_000;
  const otherSeconds = 0.03;
  const sends = rooms * roomMessages;
  return [
    {
      name: 'API Gateway, requests',
      limit: LIMITS.requestsPerSecond,
      needed: requests,
      unit: 'a second',
      raise: 'Service Quotas, Amazon API Gateway, "Throttle rate" (L-8A5B8E43)',
    },
    {
      name: 'API Gateway, new connections',
      limit: LIMITS.connectsPerSecond,
      needed: busiest(usage.connects),
      unit: 'a second',
      raise: 'Service Quotas, Amazon API Gateway, "WebSocket new connections" (L-9ED1E49A)',
    },
    {
      name: 'Lambda, at work at once',
      limit: LIMITS.concurrency,
      needed: sends * sendSeconds + busiest(usage.invocations - usage.messages) * otherSeconds,
      unit: 'environments',
      raise: 'Service Quotas, AWS Lambda, "Concurrent executions" (L-B99A9384)',
    },
    {
      name: 'DynamoDB, writes to the table',
      limit: LIMITS.tableWriteUnits,
      needed: busiest(usage.writeUnits),
      unit: 'units a second',
      raise: 'Service Quotas, Amazon DynamoDB, "Table-level write throughput limit" (L-AB614373)',
    },
    {
      name: 'the stage, frames and sockets',
      limit: THROTTLES.socket.rate,
      needed: busiest(usage.socketRequests),
      unit: 'a second',
      raise: '-c socketRequestsPerSecond, as far as the account reaches',
    },
    {
      name: 'the stage, REST requests',
      limit: THROTTLES.rest.rate,
      needed: busiest(usage.httpRequests),
      unit: 'a second',
      raise: '-c restRequestsPerSecond, as far as the account reaches',
    },
    {
      name: 'one room, posts',
      limit: DEFAULT_SETTINGS.roomPostsPerSecond,
      needed: Math.min(DEFAULT_SETTINGS.roomPostsPerSecond, rounds * roomSize),
      unit: 'a second',
      raise:
        '-c roomPostsPerSecond, up to what API Gateway lets through; what is said meanwhile goes out together',
    },
    {
      name: 'one room, messages',
      limit: 1_000,
      needed: roomMessages,
      unit: 'a second',
      raise: 'none: it is one partition of DynamoDB. More rooms',
    },
  ];
}

/**
 * What each person takes who comes back after a cut: of the socket's stage the end of the old
 * socket and the handshake of the new one, of the REST stage a token and what was missed.
 */
const BACK = { handshakes: 1, socketRequests: 2, restRequests: 2 };

/** Seconds in which everybody is back who was cut off at once, by what each quota lets through. */
export function secondsUntilBack(users: number): { quota: string; seconds: number }[] {
  return [
    {
      quota: 'API Gateway, new connections',
      seconds: (users * BACK.handshakes) / LIMITS.connectsPerSecond,
    },
    {
      quota: 'the stage, frames and sockets',
      seconds: (users * BACK.socketRequests) / THROTTLES.socket.rate,
    },
    {
      quota: 'the stage, REST requests',
      seconds: (users * BACK.restRequests) / THROTTLES.rest.rate,
    },
  ];
}
