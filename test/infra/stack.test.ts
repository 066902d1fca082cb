import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { laneTable } from '../../core/lanes.ts';
import { MAX_RECEIVES } from '../../core/limits.ts';
import { stable, synthesize } from './synthesize.ts';

const { proving, transaction, keys } = laneTable();
const LANES = [...proving, transaction, keys];

describe.each(['image', 'zip'])('the stack, packaging=%s', (packaging) => {
  let template: Template;
  beforeAll(() => {
    template = synthesize({ packaging });
  });

  test('is as reviewed', () => {
    expect(stable(template)).toMatchSnapshot();
  });

  test.each(LANES)('lane $name: cap, time-outs, dead letters and size follow the lane table', (lane) => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionName: { Ref: Match.stringLikeRegexp(`^Lane${lane.name}`) },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: lane.maxConcurrency },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: lane.timeoutSeconds * 6,
      MessageRetentionPeriod: 12 * 3600,
      RedrivePolicy: {
        maxReceiveCount: MAX_RECEIVES,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Lane${lane.name}DeadLetters`), 'Arn'] },
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: lane.memoryMb,
      Timeout: lane.timeoutSeconds,
      EphemeralStorage: { Size: lane.diskMb },
      PackageType: packaging === 'image' && proving.some(({ name }) => name === lane.name) ? 'Image' : Match.absent(),
    });
  });

  test('a permission lets the API call a function, however many methods it answers', () => {
    const permissions = template.findResources('AWS::Lambda::Permission', {
      Properties: { Principal: 'apigateway.amazonaws.com' },
    });
    const callees = Object.values(permissions).map(({ Properties }) => Properties.FunctionName['Fn::GetAtt'][0]);
    expect(callees).toHaveLength(2);
    expect(new Set(callees).size).toBe(2);
  });

  test('every visibility time-out is at least six times the time-out of the function behind it', () => {
    const queues = template.findResources('AWS::SQS::Queue');
    const functions = template.findResources('AWS::Lambda::Function');
    const sources = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(sources).toHaveLength(2 * LANES.length);
    for (const { Properties } of sources) {
      const queue = queues[Properties.EventSourceArn['Fn::GetAtt'][0]];
      const consumer = functions[Properties.FunctionName.Ref];
      expect(queue?.Properties.VisibilityTimeout ?? 30).toBeGreaterThanOrEqual(6 * consumer?.Properties.Timeout);
    }
  });

  test('queues and table are encrypted, and nothing but TLS reaches queues and bucket', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
    const insecure = Match.arrayWith([
      Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: insecure } });
    template.allResourcesProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: insecure } });
  });

  test('a witness that was not deleted goes after a day, and no old version of it stays', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: Match.absent(),
      PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true, RestrictPublicBuckets: true }),
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ Prefix: 'witness/', ExpirationInDays: 1, Status: 'Enabled' })]),
      },
    });
  });

  test('logs end after a month', () => {
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });
});

test('a small machine lowers every cap', () => {
  const caps = Object.values(
    synthesize({ packaging: 'zip', maxConcurrency: 2 }).findResources('AWS::Lambda::EventSourceMapping'),
  ).flatMap(({ Properties }) => Properties.ScalingConfig?.MaximumConcurrency ?? []);
  expect(caps).toEqual(LANES.map(() => 2));
});

test('an unknown packaging is refused', () => {
  expect(() => synthesize({ packaging: 'tar' })).toThrow('packaging is image or zip, not tar');
});
