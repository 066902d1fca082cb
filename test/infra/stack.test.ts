import { App } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { deployedLane, laneOutput } from '../../core/deployed-lane.ts';
import { type Lane, lanesIn, laneTable, type ProvingLane } from '../../core/lanes.ts';
import { MAX_RECEIVES } from '../../core/limits.ts';
import { settingsOf } from '../../infra/settings.ts';
import { functionsIn, stable, synthesize } from './synthesize.ts';

const TABLE = laneTable();
const { proving } = TABLE;
const LANES = lanesIn(TABLE);

const KEY = { 'Fn::GetAtt': [Match.stringLikeRegexp('^StackKey'), 'Arn'] };

/** The one logical id that a value of the template refers to. */
const idIn = (value: unknown): string => JSON.stringify(value).match(/"Ref":"(\w+)"/)?.[1] ?? '';

/** What takes a lane's messages to its function: to the alias of prove, where it is that. */
function eventSourceOf({ name }: Pick<Lane, 'name'>, template: Template) {
  const callee = `Lane${name}${proving.some((lane) => lane.name === name) ? 'proveLive' : ''}`;
  const sources = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
  return sources.find(({ Properties }) => idIn(Properties.FunctionName).startsWith(callee))?.Properties;
}

const templates = new Map<string, Template>();

/** Without any other context; made once. */
function asReviewed(packaging: string): Template {
  const template = templates.get(packaging) ?? synthesize({ packaging });
  templates.set(packaging, template);
  return template;
}

describe.each(['image', 'zip'])('the stack, packaging=%s', (packaging) => {
  let template: Template;
  beforeAll(() => {
    template = asReviewed(packaging);
  });

  test('is as reviewed', () => {
    expect(stable(template)).toMatchSnapshot();
  });

  test.each(LANES)('lane $name: cap, time-outs, dead letters and size follow the lane table', (lane) => {
    expect(eventSourceOf(lane, template)).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: lane.maxConcurrency },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: lane.timeoutSeconds * 6,
      MessageRetentionPeriod: 12 * 3600,
      RedrivePolicy: {
        maxReceiveCount: MAX_RECEIVES,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DeadLetters'), 'Arn'] },
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: lane.memoryMb,
      Timeout: lane.timeoutSeconds,
      EphemeralStorage: { Size: lane.diskMb },
      PackageType: packaging === 'image' && proving.some(({ name }) => name === lane.name) ? 'Image' : Match.absent(),
    });
  });

  test('a version of prove gets jobs only after it was called once', () => {
    const aliases = Object.values(template.findResources('AWS::Lambda::Alias'));
    expect(aliases).toHaveLength(proving.length);
    for (const { Properties, DependsOn } of aliases) {
      const version = Properties.FunctionVersion['Fn::GetAtt'][0];
      const calls = template.findResources('Custom::Trigger', {
        Properties: { HandlerArn: { Ref: version }, InvocationType: 'RequestResponse' },
      });
      expect(Object.keys(calls)).toHaveLength(1);
      expect(DependsOn).toEqual(expect.arrayContaining(Object.keys(calls)));
    }
  });

  test('a permission lets the API call a function, however many methods it answers', () => {
    const permissions = template.findResources('AWS::Lambda::Permission', {
      Properties: { Principal: 'apigateway.amazonaws.com' },
    });
    const callees = Object.values(permissions).map(({ Properties }) => Properties.FunctionName['Fn::GetAtt'][0]);
    expect(callees).toHaveLength(3);
    expect(new Set(callees).size, 'submit, status and authorize').toBe(3);
  });

  test('the authorizer is asked about the API key alone, and its answer kept for a minute', () => {
    template.resourceCountIs('AWS::ApiGateway::Authorizer', 1);
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      IdentitySource: 'method.request.header.x-api-key',
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  test('every visibility time-out is at least six times the time-out of the function behind it', () => {
    const queues = template.findResources('AWS::SQS::Queue');
    const functions = template.findResources('AWS::Lambda::Function');
    const aliases = template.findResources('AWS::Lambda::Alias');
    const sources = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    const ofQueues = sources.filter(({ Properties }) => queues[Properties.EventSourceArn['Fn::GetAtt'][0]]);
    expect(ofQueues, 'the lanes’ and that of the dead letters').toHaveLength(LANES.length + 1);
    for (const { Properties } of ofQueues) {
      const queue = queues[Properties.EventSourceArn['Fn::GetAtt'][0]];
      const called = idIn(Properties.FunctionName);
      const consumer = functions[aliases[called]?.Properties.FunctionName.Ref ?? called];
      expect(queue?.Properties.VisibilityTimeout ?? 30).toBeGreaterThanOrEqual(6 * consumer?.Properties.Timeout);
    }
  });

  test('no function is restored from a snapshot, and so repeats the random numbers of another', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { SnapStart: Match.absent() });
  });

  test('the stack’s own key encrypts all that is kept', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: KEY, SqsManagedSseEnabled: Match.absent() });
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: KEY });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: KEY });
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: KEY, SSEAlgorithm: 'aws:kms' } },
        ],
      },
    });
    template.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
      Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: KEY } })],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  test('without that key, AWS’s own do', () => {
    const template = synthesize({ packaging, kms: false });
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.absent(), SqsManagedSseEnabled: true });
    template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.absent() });
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
    template.allResourcesProperties('AWS::DynamoDB::GlobalTable', { SSESpecification: { SSEEnabled: false } });
  });

  test('nothing but TLS reaches queues, topic and bucket', () => {
    const insecure = Match.arrayWith([
      Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', { PolicyDocument: { Statement: insecure } });
    template.allResourcesProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: insecure } });
    template.allResourcesProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: insecure } });
  });

  test('the bucket takes no object that is encrypted in another way', () => {
    for (const header of ['', '-customer-algorithm']) {
      template.hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 's3:PutObject',
              Effect: 'Deny',
              Condition: { Null: { [`s3:x-amz-server-side-encryption${header}`]: 'false' } },
            }),
          ]),
        },
      });
    }
  });

  test('a witness that was not deleted goes after a day, and no old version of it stays', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: Match.anyValue(),
      VersioningConfiguration: Match.absent(),
      PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true, RestrictPublicBuckets: true }),
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ Prefix: 'witness/', ExpirationInDays: 1, Status: 'Enabled' })]),
      },
    });
  });

  test('the audit log is kept for a year, and can’t be changed', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 365, Mode: 'GOVERNANCE' } } },
      VersioningConfiguration: { Status: 'Enabled' },
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

describe('what the context says of lanes and tenants', () => {
  const lanes = { small: { maxConcurrency: 50, capacity: 1000, reservedConcurrency: 50 }, keys: { maxConcurrency: 3 } };
  const tenantLimits = { inFlight: 500, perDay: 20_000, circuits: 300 };
  let template: Template;
  beforeAll(() => {
    // As on the command line, where it is text.
    const context = { lanes: JSON.stringify(lanes), tenantLimits: JSON.stringify(tenantLimits) };
    template = synthesize({ packaging: 'image', ...context });
  });

  test.each(lanesIn(laneTable({ lanes })))('is the cap of lane $name', (lane) => {
    expect(eventSourceOf(lane, template)?.ScalingConfig).toEqual({ MaximumConcurrency: lane.maxConcurrency });
  });

  test('is known to every function', () => {
    const functions = functionsIn(template);
    expect(functions.length).toBeGreaterThan(LANES.length);
    for (const { Properties } of functions) {
      const { LANES: known, TENANT_LIMITS } = Properties.Environment.Variables;
      expect([JSON.parse(known), JSON.parse(TENANT_LIMITS)]).toEqual([{ lanes }, tenantLimits]);
    }
  });

  test('is told to an operator’s commands, with every lane as it is deployed', () => {
    const outputs = template.toJSON().Outputs;
    expect(JSON.parse(outputs.LaneSettings.Value)).toEqual(lanes);
    for (const { name, diskMb: _, maxK: __, ...lane } of lanesIn(laneTable({ lanes })) as ProvingLane[]) {
      const [, [before, eventSource, after]] = outputs[laneOutput(name)].Value['Fn::Join'];
      expect(eventSource).toEqual({ Ref: expect.stringMatching(new RegExp(`^Lane${name}.*SqsEventSource`)) });
      const told = deployedLane.parse(JSON.parse(`${before}the-uuid${after}`));
      expect(told).toEqual({ name, ...lane, eventSource: 'the-uuid' });
    }
  });

  test('is what its function has of the account, and no other has any', () => {
    const reserved = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(
      ({ Properties }) => Properties.ReservedConcurrentExecutions ?? [],
    );
    expect(reserved).toEqual([50]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 50,
      MemorySize: LANES[0]?.memoryMb,
    });
  });

  test.each([
    [{ lanes: '{"pool":{"capacity":1}}' }, 'There is no lane pool here'],
    [{ lanes: '{"tiny":{"capacity":1}}' }, 'tiny'],
    [{ lanes: '{"small":{"reservedConcurrency":4}}' }, '4 functions are reserved, and maxConcurrency is 20'],
    [{ lanes: '{"small":{"memoryMb":4}}' }, 'memoryMb'],
    [{ lanes: 'small' }, 'That is no JSON: small'],
    [{ tenantLimits: '{"perday":3}' }, 'perday'],
  ])('is refused where it can’t be: %j', (context, reason) => {
    expect(() => settingsOf(new App({ context }))).toThrow(reason);
  });
});

describe('alarms', () => {
  let template: Template;
  beforeAll(() => {
    template = asReviewed('zip');
  });
  const TOPIC = { Ref: Match.stringLikeRegexp('^AlarmsTopic') };
  const inQueue = (queue: string) => [
    { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp(queue), 'QueueName'] } },
  ];

  test('tell the topic, as soon as one period is bad, and stay quiet where nothing is counted', () => {
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [TOPIC],
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 6 + LANES.length);
  });

  test('go off at a message that is left in the dead-letter queue', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: inQueue('^DeadLetters'),
      Statistic: 'Maximum',
      Threshold: 1,
    });
  });

  test.each(['DeadLetters', 'InvalidProofs'])('go off at one of the %s that functions count', (MetricName) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Nightshift',
      MetricName,
      Dimensions: [{ Name: 'service', Value: 'nightshift' }],
      Statistic: 'Sum',
      Threshold: 1,
    });
  });

  test.each([
    // 190 jobs, 20 at once, are ten rounds of 60 s; the eleventh is the last one's own.
    ['small', 11 * 60],
    ['medium', 11 * 120],
    ['large', 11 * 600],
    ['transaction', 11 * 900],
    // Any number may wait there: half of three hours.
    ['keys', 1.5 * 3600],
  ])('go off where a job of lane %s waits for %i s', (lane, Threshold) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: inQueue(`^Lane${lane}Queue`),
      Statistic: 'Maximum',
      Threshold,
    });
  });

  test('may be told to their topic by CloudWatch, over TLS only', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
      Topics: [TOPIC],
    });
  });

  test('are mailed to whom the context names, and to nobody else', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    const mailed = synthesize({ packaging: 'zip', alarmEmail: 'operator@example.com' });
    mailed.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operator@example.com',
      TopicArn: TOPIC,
    });
    expect(() => settingsOf(new App({ context: { alarmEmail: 'operator' } }))).toThrow('alarmEmail');
  });
});

test('an unknown packaging is refused', () => {
  expect(() => synthesize({ packaging: 'tar' })).toThrow('packaging is image or zip, not tar');
});
