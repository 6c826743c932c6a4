import { describe, expect, test } from '@jest/globals';
import { App, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { refuseHome } from '../../lib/config/backup.ts';
import { readConfig } from '../../lib/config.ts';
import { resources, templateWith, withStack } from './synthesize.ts';

const COPIED = { edge: 'false', backup: 'eu-west-1', backupHours: '1' };
const VAULT = 'AWS::Backup::BackupVault';

const configOf = (context: Record<string, unknown>) => readConfig(new App({ context }).node);

const only = (template: Template, type: string) => {
  const [found, ...more] = Object.values(resources(template, type));
  if (!found || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return found;
};

/** Of the stack in the other region, with that region. */
const otherStack = (context: Readonly<Record<string, string>>) =>
  withStack(context, (app) => {
    const stack = app.node.findChild('ParlorBackups') as Stack;
    return { region: stack.region, template: Template.fromStack(stack) };
  });

describe('a backup in another region', () => {
  test('is none unless it is asked for, and the token secret stays at home', () => {
    const template = templateWith({ edge: 'false' });
    expect(JSON.stringify(template.toJSON())).not.toMatch(/AWS::Backup|ReplicaRegions/);
  });

  test('takes the table, and nothing else, to a vault there each hour', () => {
    const template = templateWith(COPIED);
    const [table] = Object.keys(resources(template, 'AWS::DynamoDB::Table'));
    const { BackupPlan } = only(template, 'AWS::Backup::BackupPlan').Properties;
    expect(BackupPlan).toMatchObject({
      BackupPlanRule: [
        {
          ScheduleExpression: 'cron(0 0/1 * * ? *)',
          StartWindowMinutes: 60,
          Lifecycle: { DeleteAfterDays: 1 },
          CopyActions: [{ Lifecycle: { DeleteAfterDays: 7 } }],
        },
      ],
    });
    const { BackupSelection } = only(template, 'AWS::Backup::BackupSelection').Properties;
    expect(BackupSelection).toMatchObject({
      Resources: [{ 'Fn::GetAtt': [table, 'Arn'] }],
    });
  });

  test.each([
    ['6', 'cron(0 0/6 * * ? *)'],
    ['24', 'cron(0 0 * * ? *)'],
  ])('comes every %s hours where that is asked for', (backupHours, ScheduleExpression) => {
    const { BackupPlan } = only(
      templateWith({ ...COPIED, backupHours }),
      'AWS::Backup::BackupPlan',
    ).Properties;
    expect(BackupPlan).toMatchObject({ BackupPlanRule: [{ ScheduleExpression }] });
  });

  test('goes to the vault that the stack there has, each stage to its own', () => {
    const settings = { ...COPIED, stage: 'two' };
    const { region, template } = otherStack(settings);
    expect(region).toBe('eu-west-1');
    const { BackupVaultName } = only(template, VAULT).Properties;
    expect(BackupVaultName).toBe('Parlor-two-backups');
    const { BackupPlan } = only(templateWith(settings), 'AWS::Backup::BackupPlan').Properties;
    expect(JSON.stringify(BackupPlan)).toContain(`:backup:eu-west-1:`);
    expect(JSON.stringify(BackupPlan)).toContain(`:backup-vault:${BackupVaultName}"`);
  });

  test('outlives both stacks', () => {
    for (const template of [templateWith(COPIED), otherStack(COPIED).template]) {
      expect(only(template, VAULT)).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  test('takes the token secret along, so that nobody has to log in again', () => {
    expect(only(templateWith(COPIED), 'AWS::SecretsManager::Secret').Properties).toMatchObject({
      ReplicaRegions: [{ Region: 'eu-west-1' }],
    });
  });

  test('that fails is told like an alarm', () => {
    const template = templateWith(COPIED);
    const [table] = Object.keys(resources(template, 'AWS::DynamoDB::Table'));
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.backup'],
        'detail-type': ['Backup Job State Change', 'Copy Job State Change'],
        detail: {
          resourceArn: [{ 'Fn::GetAtt': [table, 'Arn'] }],
          state: ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'],
        },
      },
      Targets: [{ Arn: { Ref: Match.stringLikeRegexp('LaterTopic') } }],
    });
  });
});

describe('a setting of it', () => {
  test('that says nothing is refused', () => {
    expect(() => configOf({ backupHours: '6' })).toThrow('says nothing without a region');
    expect(() => configOf({ backup: 'Ireland' })).toThrow('is not a region of AWS');
    expect(() => configOf({ backup: 'eu-west-1', backupHours: '5' })).toThrow('is none of 1, 2');
  });

  test('can’t name the region that the chat is in', () => {
    const { backup } = configOf({ backup: 'eu-west-1' });
    expect(backup).toEqual({ region: 'eu-west-1', everyHours: 6 });
    expect(() => refuseHome(backup, 'eu-west-1')).toThrow('Name another one.');
    for (const home of ['eu-central-1', undefined]) refuseHome(backup, home);
    refuseHome(undefined, 'eu-west-1');
  });
});

describe('a table that was restored', () => {
  const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Parlor-restored';
  const table = `${ARN}/stream/2026-11-30T12:00:00.000`;
  const settings = { edge: 'false', table };

  test('is used in place of one of the stack’s own', () => {
    const template = templateWith(settings);
    expect(resources(template, 'AWS::DynamoDB::Table')).toEqual({});
    expect(template.findOutputs('TableName')).toMatchObject({
      TableName: { Value: 'Parlor-restored' },
    });
    expect(only(template, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
      EventSourceArn: table,
    });
    const variables = Object.values(resources(template, 'AWS::Lambda::Function')).map(
      ({ Properties }) => JSON.stringify(Properties.Environment),
    );
    const named = variables.filter((text) => text?.includes('"PARLOR_TABLE":"Parlor-restored"'));
    expect(named).toHaveLength(9);
  });

  test('gives every function the same rights as its own table does', () => {
    const rights = (context: Readonly<Record<string, string>>) =>
      Object.values(resources(templateWith(context), 'AWS::IAM::Policy')).flatMap(
        ({ Properties }) => JSON.stringify(Properties.PolicyDocument).match(/dynamodb:[A-Z]\w+/g),
      );
    expect(rights(settings)).toEqual(rights({ edge: 'false' }));
    expect(JSON.stringify(templateWith(settings).toJSON())).toContain(`"${ARN}/index/visits"`);
  });

  test('is backed up like one of its own', () => {
    const { BackupSelection } = only(
      templateWith({ ...settings, backup: 'eu-central-1' }),
      'AWS::Backup::BackupSelection',
    ).Properties;
    expect(BackupSelection).toMatchObject({ Resources: [ARN] });
  });

  test('is named by its stream, or refused', () => {
    expect(() => configOf({ table: 'Parlor-restored' })).toThrow('"npm run adopt" says it');
    expect(() => configOf({ table: ARN })).toThrow('"npm run adopt" says it');
  });
});
