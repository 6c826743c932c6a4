import type { Template } from 'aws-cdk-lib/assertions';
import { resources } from '../synthesize.ts';

/** A widget of a dashboard, as far as it is looked at. */
export interface Widget {
  properties: { title?: string; metrics?: unknown[][]; alarms?: unknown[] };
}

/** The widgets of a template's dashboard. */
export function widgetsOf(template: Template): Widget[] {
  const [dashboard] = Object.values(resources(template, 'AWS::CloudWatch::Dashboard'));
  const body = dashboard?.Properties.DashboardBody as { 'Fn::Join': [string, unknown[]] };
  const text = body['Fn::Join'][1].map((part) =>
    typeof part === 'string' ? part : JSON.stringify(JSON.stringify(part)).slice(1, -1),
  );
  return JSON.parse(text.join('')).widgets;
}
