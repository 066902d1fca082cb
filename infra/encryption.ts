/** What is kept is encrypted with the stack's key or, in a stack without one, with a key of the service that keeps it. */
import { Duration } from 'aws-cdk-lib';
import { type CfnGlobalTable, TableEncryptionV2, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { BucketEncryption, type BucketProps } from 'aws-cdk-lib/aws-s3';
import type { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { StackKey } from './stack-key.ts';

/** SQS asks KMS for a new data key so often; each time costs, for each that sends or receives. */
const QUEUE_DATA_KEY = Duration.hours(24);

export function bucketEncryption(scope: Construct): BucketProps {
  const encryptionKey = StackKey.of(scope)?.key;
  if (!encryptionKey) return { encryption: BucketEncryption.S3_MANAGED };
  // A bucket key makes fewer calls of KMS, which cost.
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

export const tableEncryption = (scope: Construct): TableEncryptionV2 =>
  StackKey.of(scope) ? TableEncryptionV2.awsManagedKey() : TableEncryptionV2.dynamoOwnedKey();

/** The construct takes a key of ours only where the region is known at synthesis. */
export function encryptTable(table: TableV2): void {
  const keyArn = StackKey.of(table)?.key.keyArn;
  if (!keyArn) return;
  const resource = table.node.defaultChild as CfnGlobalTable;
  resource.addPropertyOverride('Replicas.0.SSESpecification.KMSMasterKeyId', keyArn);
}

/** Told of the key, the construct would let all who send or receive use it for whatever. */
export function encryptQueue(queue: Queue): void {
  const resource = queue.node.defaultChild as CfnQueue;
  const keyArn = StackKey.of(queue)?.key.keyArn;
  if (!keyArn) {
    resource.sqsManagedSseEnabled = true;
    return;
  }
  resource.kmsMasterKeyId = keyArn;
  resource.kmsDataKeyReusePeriodSeconds = QUEUE_DATA_KEY.toSeconds();
}
