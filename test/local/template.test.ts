import { describe, expect, test } from 'vitest';
import { forEmulator, type Template } from '../../local/template.ts';

const template: Template = {
  Resources: {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { BinaryMediaTypes: ['*/*'] } },
    Firewall: { Type: 'AWS::WAFv2::WebACL', Properties: { Scope: 'REGIONAL' } },
    FirewallOnApi: { Type: 'AWS::WAFv2::WebACLAssociation', DependsOn: 'Firewall' },
    Failures: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors', Threshold: 1 } },
    FailureRate: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Expression: 'a / b' }] } },
    Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Key: 'layer.zip' } } },
    Prove: {
      Type: 'AWS::Lambda::Function',
      DependsOn: ['FailureRate', 'Table'],
      Properties: {
        Layers: [{ Ref: 'Layer' }],
        ReservedConcurrentExecutions: 20,
        Environment: { Variables: { TABLE_NAME: { Ref: 'Table' } } },
      },
    },
    Submit: { Type: 'AWS::Lambda::Function', Properties: { Layers: [{ Ref: 'Layer' }] } },
    Status: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { TABLE_NAME: 'x' } } } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TimeToLiveSpecification: { AttributeName: 'expiresAt' } } },
  },
  Outputs: { ApiUrl: { Value: { Ref: 'Api' } } },
};

describe('the template for the emulated AWS', () => {
  test('differs in the refused resources and in the layers, and in nothing else', () => {
    const original = structuredClone(template);
    const deployed = forEmulator(template, { PROVER_PATH: '/prover' });

    expect(template, 'the given template is left alone').toEqual(original);
    expect(differences(original, deployed)).toEqual([
      'Resources.FailureRate left out',
      'Resources.FirewallOnApi left out',
      'Resources.Prove.DependsOn.0 is "Table"',
      'Resources.Prove.DependsOn.1 left out',
      'Resources.Prove.Properties.Environment.Variables.PROVER_PATH is "/prover"',
      'Resources.Prove.Properties.Layers left out',
      'Resources.Submit.Properties.Environment is {"Variables":{"PROVER_PATH":"/prover"}}',
      'Resources.Submit.Properties.Layers left out',
    ]);
  });

  test('is the same template where there is nothing to change', () => {
    const { Api, Failures, Status, Table } = template.Resources;
    const plain = { ...template, Resources: { Api, Failures, Status, Table } } as Template;
    expect(forEmulator(plain, { PROVER_PATH: '/prover' })).toEqual(plain);
  });
});

/** Every place where two JSON values differ, as text. */
function differences(before: unknown, after: unknown, path: string[] = []): string[] {
  if (after === undefined) return [`${path.join('.')} left out`];
  if (!isContainer(before) || !isContainer(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [`${path.join('.')} is ${JSON.stringify(after)}`];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].sort().flatMap((key) => differences(before[key], after[key], [...path, key]));
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
