/** What a deployment can be told about itself as a whole. */
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../infra/settings.ts';
import { functionsIn, stackWith, synthesize } from './synthesize.ts';

const DOMAIN = {
  name: 'prove.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
};

describe('a stage', () => {
  const stack = stackWith({ stage: 'test' });
  const template = Template.fromStack(stack);

  test('is a stack by its own name; without one there is only that', () => {
    expect(stack.stackName).toBe('Nightshift-test');
    expect(stackWith({}).stackName).toBe('Nightshift');
  });

  test('has nothing by a name that another one would have, too', () => {
    const names = Object.values(template.toJSON().Resources as Record<string, { Properties?: object }>).flatMap(
      ({ Properties = {} }) =>
        Object.keys(Properties).filter((key) =>
          /^(Function|Table|Bucket|Queue|Role|Topic|LogGroup|Alarm)Name$/.test(key),
        ),
    );
    // Functions that event sources, permissions and the log of the authorizer are about.
    expect(new Set(names)).toEqual(new Set(['FunctionName']));
    template.allResourcesProperties('AWS::Lambda::Function', { FunctionName: Match.absent() });
  });

  test('counts and is alarmed by itself', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'InvalidProofs',
      Namespace: 'Nightshift-test',
    });
    for (const { Properties } of functionsIn(template)) {
      expect(Properties.Environment.Variables.STACK_NAME).toBe('Nightshift-test');
    }
  });

  test.each(['Test', '1st', 'a_b', '', 'x'.repeat(33)])('is not called %j', (stage) => {
    expect(() => settingsOf(new App({ context: { stage } }))).toThrow('A stage has small letters');
  });
});

describe('tags', () => {
  test.each([
    [{}, { application: 'nightshift' }],
    [
      { stage: 'test', tags: '{"team":"x"}' },
      { application: 'nightshift', stage: 'test', team: 'x' },
    ],
  ])('of %j are on all that costs', (context, expected) => {
    const { Resources } = synthesize({ packaging: 'zip', ...context }).toJSON();
    for (const type of COSTING) {
      const ofType = Object.values<Tagged>(Resources).filter((it) => it.Type === type && !isTheCdks(it));
      expect(ofType, type).not.toEqual([]);
      for (const { Properties } of ofType) {
        const { Tags = Properties.Replicas?.[0]?.Tags ?? [] } = Properties;
        expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])), type).toMatchObject(expected);
      }
    }
  });
});

/** What calls others during a deployment, and nothing else, takes no tags. */
const isTheCdks = ({ Properties }: Tagged): boolean => Properties.Handler === '__entrypoint__.handler';

interface Tag {
  Key: string;
  Value: string;
}
interface Tagged {
  Type: string;
  Properties: { Handler?: string; Tags?: Tag[]; Replicas?: { Tags: Tag[] }[] };
}
const COSTING = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::WAFv2::WebACL',
];

describe('a domain', () => {
  test('has the API at its root, over TLS 1.2, by a record in its zone', () => {
    const template = synthesize({ packaging: 'zip', domain: JSON.stringify({ ...DOMAIN, hostedZoneId: 'Z0123' }) });
    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: DOMAIN.name,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      RegionalCertificateArn: DOMAIN.certificateArn,
      SecurityPolicy: 'TLS_1_2',
    });
    template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: Match.absent() });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Type: 'A',
      Name: `${DOMAIN.name}.`,
      HostedZoneId: 'Z0123',
      AliasTarget: { DNSName: { 'Fn::GetAtt': [Match.anyValue(), 'RegionalDomainName'] } },
    });
    template.hasOutput('ApiUrl', { Value: `https://${DOMAIN.name}/` });
    expect(template.findOutputs('*')).not.toHaveProperty('DomainTarget');
  });

  test('without a zone says what its record has to be', () => {
    const template = synthesize({ packaging: 'zip', domain: DOMAIN });
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
    const [output] = Object.entries(template.findOutputs('*')).filter(([name]) => name.includes('DomainTarget'));
    expect(output?.[1]).toMatchObject({ Value: { 'Fn::GetAtt': [expect.any(String), 'RegionalDomainName'] } });
  });

  test.each([
    [{ ...DOMAIN, name: 'no name' }, 'name'],
    [{ ...DOMAIN, certificateArn: 'arn:aws:iam::111122223333:server-certificate/x' }, 'no certificate of ACM'],
    [{ name: DOMAIN.name }, 'certificateArn'],
    [{ ...DOMAIN, zone: 'Z' }, 'zone'],
  ])('is not %j', (domain, reason) => {
    expect(() => settingsOf(new App({ context: { domain } }))).toThrow(reason);
  });
});

describe('what outlives the stack', () => {
  type Policies = { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string };
  const KEPT = ['RetainExceptOnCreate', 'Retain'];

  function kept(template: Template): Record<string, unknown> {
    const found = Object.entries<Policies>(template.toJSON().Resources).filter(
      // A function takes its versions along.
      ([, { Type, DeletionPolicy = 'Delete' }]) => DeletionPolicy !== 'Delete' && Type !== 'AWS::Lambda::Version',
    );
    return Object.fromEntries(
      found.map(([id, { DeletionPolicy, UpdateReplacePolicy }]) => [
        id.replace(/[0-9A-F]{8}$/, ''),
        [DeletionPolicy, UpdateReplacePolicy],
      ]),
    );
  }

  test('is what holds data and the key to it: neither deletion nor replacement loses it', () => {
    const stack = stackWith({});
    const template = Template.fromStack(stack);
    expect(kept(template)).toEqual({
      StackKey: KEPT,
      StorageTable: ['Retain', 'Retain'],
      StorageBucket: KEPT,
      AuditBucket: KEPT,
    });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })],
    });
    expect(stack.terminationProtection).toBe(true);
  });

  test('is, of what may be thrown away, the audit log and the key to it', () => {
    const stack = stackWith({ keepData: 'false' });
    const template = Template.fromStack(stack);
    expect(kept(template)).toEqual({ StackKey: KEPT, AuditBucket: KEPT });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })],
    });
    template.hasResourceProperties('Custom::S3AutoDeleteObjects', {
      BucketName: { Ref: Match.stringLikeRegexp('^StorageBucket') },
    });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    expect(stack.terminationProtection).toBe(false);
  });
});
