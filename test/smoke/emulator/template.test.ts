import { describe, expect, test } from '@jest/globals';
import { inEmulatorsWords } from '../../../smoke/emulator/template.ts';

describe('a template in the emulator’s words', () => {
  test('asks for a secret’s ARN by Fn::GetAtt, wherever it stands', () => {
    const { Resources, Outputs } = inEmulatorsWords({
      Resources: {
        Secret: { Type: 'AWS::SecretsManager::Secret' },
        Table: { Type: 'AWS::DynamoDB::Table' },
        Http: {
          Type: 'AWS::Lambda::Function',
          Properties: { Environment: { SECRET: { Ref: 'Secret' }, TABLE: { Ref: 'Table' } } },
        },
        Policy: { Type: 'AWS::IAM::Policy', Properties: { Resource: ['x', { Ref: 'Secret' }] } },
      },
      Outputs: { Key: { Value: { Ref: 'Secret' } } },
    });
    const arn = { 'Fn::GetAtt': ['Secret', 'Id'] };
    expect(Resources.Http?.Properties).toEqual({
      Environment: { SECRET: arn, TABLE: { Ref: 'Table' } },
    });
    expect(Resources.Policy?.Properties).toEqual({ Resource: ['x', arn] });
    expect(Outputs).toEqual({ Key: { Value: arn } });
  });

  test('leaves out what is unknown there, and nothing else', () => {
    const alarm = 'AWS::CloudWatch::Alarm';
    const { Resources } = inEmulatorsWords({
      Resources: {
        Answer: { Type: 'AWS::ApiGatewayV2::RouteResponse' },
        Query: { Type: 'AWS::Logs::QueryDefinition' },
        OnExpression: { Type: alarm, Properties: { Metrics: [] } },
        OnMetric: { Type: alarm, Properties: { MetricName: 'Errors' } },
        Stage: { Type: 'AWS::ApiGatewayV2::Stage', DependsOn: ['Answer', 'Route'] },
        Route: { Type: 'AWS::ApiGatewayV2::Route', DeletionPolicy: 'Retain' },
      },
    });
    expect(Object.keys(Resources)).toEqual(['OnMetric', 'Stage', 'Route']);
    expect(Resources.Stage).toEqual({ Type: 'AWS::ApiGatewayV2::Stage', DependsOn: ['Route'] });
    expect(Resources.Route).toEqual({
      Type: 'AWS::ApiGatewayV2::Route',
      DeletionPolicy: 'Retain',
    });
  });

  test('has nobody lead an alias step by step', () => {
    const { Resources } = inEmulatorsWords({
      Resources: {
        Group: { Type: 'AWS::CodeDeploy::DeploymentGroup' },
        Live: {
          Type: 'AWS::Lambda::Alias',
          Properties: { Name: 'live' },
          UpdatePolicy: {
            CodeDeployLambdaAliasUpdate: { DeploymentGroupName: { Ref: 'Group' } },
          },
        },
      },
    });
    expect(Resources).toEqual({
      Live: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live' } },
    });
  });

  test('asks for no key that its IAM does not know, and says the other conditions', () => {
    const conditions = (Null: object) => ({
      Resources: { Policy: { Type: 'AWS::IAM::Policy', Properties: { Condition: { Null } } } },
    });
    const { Resources } = inEmulatorsWords(conditions({ 'dynamodb:LeadingKeys': 'false' }));
    expect(Resources.Policy?.Properties).toEqual({ Condition: { Null: {} } });
    const other = conditions({ 'aws:SourceArn': 'false' });
    expect(inEmulatorsWords(other)).toEqual(other);
  });
});
