import { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Watched } from './watched.ts';

/** Questions to the log, in the words of Logs Insights. What stands in capitals is to be put in. */
export const QUERIES = {
  'what failed': `filter result = "failed" or ispresent(error)
| fields @timestamp, route, code, room, connectionId, ms, error
| sort @timestamp desc
| limit 100`,
  'what failed, by code': `filter result = "failed"
| stats count(*) as times, max(@timestamp) as latest by route, code
| sort times desc`,
  'what was refused, by code': `filter result = "refused"
| stats count(*) as times, count_distinct(userId) as users by route, code
| sort times desc`,
  'what ran out of time or crashed': `filter @message like /Task timed out|Runtime exited|Uncaught Exception|OutOfMemory/
| fields @timestamp, @log, @message
| sort @timestamp desc
| limit 100`,
  'what the audit found': `filter route = "audit" and finding != "pumped"
| fields @timestamp, room, finding, ms, error
| sort @timestamp desc
| limit 100`,
  'where posts failed': `filter fanOut.failed > 0 or fanOut.slow > 0
| fields @timestamp, route, room, fanOut.by, fanOut.delivered, fanOut.slow, fanOut.failed, error
| sort @timestamp desc
| limit 100`,
  'slowest rooms': `filter ispresent(seq)
| stats count(*) as messages, pct(ms, 50) as p50, pct(ms, 99) as p99 by room
| sort p99 desc
| limit 20`,
  'busiest rooms': `filter ispresent(fanOut.delivered)
| stats count(*) as pumps, sum(fanOut.delivered) as posts by room
| sort posts desc
| limit 20`,
  'one room': `filter room = "ROOM"
| fields @timestamp, route, result, code, seq, userId, connectionId, finding, fanOut.by, fanOut.delivered, fanOut.gone, fanOut.slow, ms, requestId, error
| sort @timestamp asc
| limit 1000`,
  'one connection': `filter connectionId = "CONNECTION"
| fields @timestamp, route, result, code, room, seq, openMinutes, ms, requestId, error
| sort @timestamp asc
| limit 1000`,
  'one request': `filter requestId = "REQUEST" or function_request_id = "REQUEST"
| fields @timestamp, route, result, code, room, seq, error, function_request_id
| sort @timestamp asc`,
} as const;

/** The questions, saved in the account over the functions' log groups: costs nothing. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { functions }: Pick<Watched, 'functions'>) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    for (const [name, queryString] of Object.entries(QUERIES)) {
      new CfnQueryDefinition(this, name.replaceAll(/\W+/g, '-'), {
        name: `${stackName}/${name}`,
        queryString,
        logGroupNames: functions.map(({ logGroup }) => logGroup.logGroupName),
      });
    }
  }
}
