import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { counted, orZero, PERIOD, share } from './metrics.ts';
import { throttledOf } from './throttled.ts';
import type { Watch } from './watch.ts';
import type { Watched } from './watched.ts';

/** That requests fail by our doing. Shares, but of at least five: one of two is no outage. */
export function errorWatches(scope: Construct, { rest, socket }: Watched): Watch[] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  const requests = counted(scope, 'Requests');
  const [integration, refused] = ['integration', 'refused'].map(orZero);
  return [
    {
      name: 'failed-requests',
      says: 'One request in a hundred, or more, failed by our doing.',
      metric: share('% of requests failed', {
        part: { errors: counted(scope, 'Errors') },
        requests,
      }),
      threshold: 1,
    },
    {
      name: 'rest-errors',
      says: 'The REST API answered one request in a hundred, or more, with 5xx.',
      metric: share('% of REST answers are 5xx', {
        part: { errors: rest.api.metricServerError(sum) },
        requests: rest.api.metricCount(sum),
      }),
      threshold: 1,
    },
    {
      name: 'socket-errors',
      says: 'The WebSocket API could not get an answer from its functions to one in a hundred, or more.',
      // A refused handshake is an answer of 4xx, and may be counted as an integration's error. What
      // no function answered is none of the requests that functions counted.
      metric: share('% of frames and handshakes failed', {
        part: {
          execution: socket.stage.metric('ExecutionError', sum),
          integration: socket.stage.metric('IntegrationError', sum),
          refused: counted(scope, 'ConnectionsRefused'),
        },
        of: `${orZero('execution')} + IF(${integration} > ${refused}, ${integration} - ${refused}, 0)`,
        requests,
      }),
      threshold: 1,
    },
  ];
}

/** That people are turned away, though nothing fails: the client's doing, or so it looks. */
export const refusedWatch = (scope: Construct): Watch => ({
  name: 'requests-refused',
  says: 'For a quarter of an hour half of all requests, or more, were refused.',
  metric: share('% of requests refused', {
    part: { refused: counted(scope, 'RequestsRefused') },
    requests: counted(scope, 'Requests'),
    least: 20,
  }),
  threshold: 50,
  periods: 3,
});

/** The same, by why and of whom. */
export function refusalWatches(scope: Construct, { rest, socket }: Watched): Watch[] {
  const requests = counted(scope, 'Requests');
  return [
    {
      name: 'direct-access',
      says: 'One request in ten, or more, did not show the key of the edge.',
      metric: share('% of requests past the edge', {
        part: { direct: counted(scope, 'DirectAccess') },
        requests,
        least: 20,
      }),
      threshold: 10,
    },
    {
      name: 'logins-refused',
      says: 'For a quarter of an hour one request in ten, or more, was a login that was refused.',
      canWait: true,
      metric: share('% of requests are refused logins', {
        part: { refused: counted(scope, 'LoginsRefused') },
        requests,
        least: 60,
      }),
      threshold: 10,
      periods: 3,
    },
    {
      name: 'many-registrations',
      says: 'For a quarter of an hour one request in ten, or more, made an account.',
      canWait: true,
      metric: share('% of requests make an account', {
        part: { registrations: counted(scope, 'Registrations') },
        requests,
        least: 30,
      }),
      threshold: 10,
      periods: 3,
    },
    {
      name: 'stage-throttled',
      says: 'API Gateway answered one request in a hundred, or more, with 429.',
      metric: share('% of requests throttled', {
        part: { throttled: throttledOf(scope, rest, socket) },
        requests,
      }),
      threshold: 1,
    },
  ];
}
