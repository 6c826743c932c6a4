import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Measure } from '../../lambdas/chat/ports/meter.ts';
import type { Canary } from '../canary.ts';
import { costToday } from './cost-today.ts';
import { counted, measured, ofEach, PERIOD, sumOf } from './metrics.ts';
import type { Watched } from './watched.ts';

const WIDTH = 8;

/** One page that tells how a stage is. */
export class ChatDashboard extends Dashboard {
  constructor(scope: Construct, id: string, watched: Watched, alarms: readonly Alarm[]) {
    const { stackName } = Stack.of(scope);
    super(scope, id, { dashboardName: stackName, defaultInterval: Duration.hours(12) });
    this.addWidgets(
      new TextWidget({
        markdown: `# ${stackName}\nWhat each graph means and what to do about it: docs/operations.md`,
        width: 24,
        height: 2,
      }),
    );
    this.addWidgets(new AlarmStatusWidget({ alarms: [...alarms], title: 'Alarms', width: 24 }));
    this.addWidgets(...peopleWidgets(this));
    this.addWidgets(...deliveryWidgets(this));
    this.addWidgets(...troubleWidgets(this, watched));
    this.addWidgets(
      graph(
        'Requests, and those refused or past the edge (right)',
        [counted(this, 'Requests')],
        [counted(this, 'RequestsRefused'), counted(this, 'DirectAccess')],
      ),
      graph('Logins refused, accounts made', [
        counted(this, 'LoginsRefused'),
        counted(this, 'Registrations'),
      ]),
    );
    if (watched.canary) this.addWidgets(...canaryWidgets(this, watched.canary));
    this.addWidgets(...costWidgets(watched));
  }
}

const graph = (title: string, left: IMetric[], right: IMetric[] = []): IWidget =>
  new GraphWidget({ title, left, right, width: WIDTH, leftYAxis: { min: 0 } });

/** Who talks, and how their messages are stored. */
const peopleWidgets = (scope: Construct): IWidget[] => [
  graph('Connections', [
    counted(scope, 'ConnectionsOpened'),
    counted(scope, 'ConnectionsClosed'),
    counted(scope, 'ConnectionsRefused'),
  ]),
  graph(
    'Messages stored, slots lost to others',
    [counted(scope, 'MessagesStored')],
    [counted(scope, 'AppendConflicts')],
  ),
  graph('Milliseconds until a message is stored', [
    measured(scope, 'AppendLatency', Stats.percentile(50)),
    measured(scope, 'AppendLatency', Stats.percentile(99)),
  ]),
];

/** How messages get to everyone. */
const deliveryWidgets = (scope: Construct): IWidget[] => [
  graph(
    'A round: connections, and milliseconds (right)',
    [measured(scope, 'FanOutSize', Stats.AVERAGE), measured(scope, 'FanOutSize', Stats.MAXIMUM)],
    [
      measured(scope, 'FanOutTime', Stats.percentile(50)),
      measured(scope, 'FanOutTime', Stats.percentile(99)),
    ],
  ),
  graph(
    'Posts delivered, and those that were not (right)',
    [counted(scope, 'PostsDelivered')],
    [
      counted(scope, 'PostsGone'),
      counted(scope, 'PostsSlow'),
      counted(scope, 'PostsThrottled'),
      counted(scope, 'PostsFailed'),
    ],
  ),
  graph(
    'Pumps handed over, rooms that the audit rescued (right)',
    [counted(scope, 'PumpHandovers')],
    [counted(scope, 'AuditRescues')],
  ),
];

/** What went wrong, and what is at its limit. */
function troubleWidgets(scope: Construct, watched: Watched): IWidget[] {
  const { functions, table, rest, socket } = watched;
  const sum = { statistic: Stats.SUM, period: PERIOD };
  return [
    graph('Errors', [
      counted(scope, 'Errors'),
      counted(scope, 'ExpiryFailures'),
      sumOf(ofEach(functions, 'Errors'), 'functions that crashed or ran out of time'),
      rest.api.metricServerError({ ...sum, label: 'REST, 5xx' }),
      socket.stage.metric('IntegrationError', { ...sum, label: 'socket, integration' }),
      socket.stage.metric('ExecutionError', { ...sum, label: 'socket, execution' }),
    ]),
    graph(
      'DynamoDB: units, and throttles (right)',
      [
        table.metric('ConsumedReadCapacityUnits', sum),
        table.metric('ConsumedWriteCapacityUnits', sum),
      ],
      [table.metric('ReadThrottleEvents', sum), table.metric('WriteThrottleEvents', sum)],
    ),
    graph('Lambda: calls refused', Object.values(ofEach(functions, 'Throttles'))),
  ];
}

/** How the chat is for one who talks every five minutes. */
function canaryWidgets(scope: Construct, canary: Canary): IWidget[] {
  const slowest = (metricName: Measure) => measured(scope, metricName, Stats.MAXIMUM);
  return [
    graph('Canary: runs, and those that failed', [
      canary.metricInvocations({ statistic: Stats.SUM, period: PERIOD, label: 'runs' }),
      canary.metricErrors({ statistic: Stats.SUM, period: PERIOD, label: 'failed' }),
    ]),
    graph('Canary: milliseconds to get in', [slowest('CanaryLogin'), slowest('CanaryConnect')]),
    graph('Canary: milliseconds to be stored, heard and read', [
      slowest('CanaryAck'),
      slowest('CanaryDelivery'),
      slowest('CanaryHistory'),
    ]),
  ];
}

/** The whole first, and by line beside it. */
function costWidgets(watched: Watched): IWidget[] {
  const lines = costToday(watched);
  const total = new MathExpression({
    expression: lines.map((_, index) => `line${index + 1}`).join(' + '),
    usingMetrics: Object.fromEntries(lines.map((line, index) => [`line${index + 1}`, line])),
    label: 'US$ since midnight UTC, estimate',
    period: Duration.days(1),
  });
  return [
    new SingleValueWidget({
      title: 'Cost so far today (estimate at list prices)',
      metrics: [total],
      width: WIDTH,
      fullPrecision: true,
    }),
    new GraphWidget({
      title: 'US$ a day by line (estimate at list prices of us-east-1)',
      left: lines,
      stacked: true,
      start: '-P7D',
      width: 2 * WIDTH,
      leftYAxis: { min: 0 },
    }),
  ];
}
