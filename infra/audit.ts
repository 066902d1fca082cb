import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, type CfnBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { STREAM_FILTERS } from '../core/audit/from-stream.ts';
import { AUDIT_MB, AUDIT_TIMEOUT_SECONDS, AUDIT_WINDOW_SECONDS } from '../core/limits.ts';
import { bucketEncryption } from './encryption.ts';
import { zipFunction } from './function.ts';
import { settingsOf } from './settings.ts';
import type { Storage } from './storage.ts';

/** Changes that one object of the log tells of at most. */
const BATCH = 1000;

/** The audit log, which nobody here can change or shorten, and the function that writes it from the table's stream. */
export class Audit extends Construct {
  readonly bucket: Bucket;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { storage }: { storage: Storage }) {
    super(scope, id);
    this.bucket = this.#bucket();
    this.function = this.#function(storage);
  }

  /** Of an object that is written over, the lock keeps what was there before. */
  #bucket(): Bucket {
    const kept = Duration.days(settingsOf(this).auditDays);
    return new Bucket(this, 'Bucket', {
      ...bucketEncryption(this),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      objectLockDefaultRetention: ObjectLockRetention.governance(kept),
      lifecycleRules: [{ expiration: kept, noncurrentVersionExpiration: Duration.days(1) }],
      // Whatever happens to other data.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  #function(storage: Storage): LambdaFunction {
    const audit = zipFunction(this, 'audit', {
      storage,
      memoryMb: AUDIT_MB,
      timeoutSeconds: AUDIT_TIMEOUT_SECONDS,
      environment: { AUDIT_BUCKET_NAME: this.bucket.bucketName },
    });
    audit.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects('*')] }),
    );
    const bucketId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    Validations.of(audit.role ?? audit).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
      reason: 'Objects are named by day and by the changes that they tell of.',
    });
    // Its own grant would be for every stream of the account.
    audit.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ],
        resources: [storage.streamArn],
      }),
    );
    new EventSourceMapping(this, 'Stream', {
      target: audit,
      eventSourceArn: storage.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: BATCH,
      // So an object holds many records.
      maxBatchingWindow: Duration.seconds(AUDIT_WINDOW_SECONDS),
      filters: STREAM_FILTERS.map((filter) => ({ pattern: JSON.stringify(filter) })),
    });
    return audit;
  }
}
