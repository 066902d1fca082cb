import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { StackKey } from './stack-key.ts';

/** Logs that end after a month. */
export const monthOfLogs = (scope: Construct, id: string): LogGroup =>
  new LogGroup(scope, id, {
    retention: RetentionDays.ONE_MONTH,
    encryptionKey: StackKey.of(scope)?.key,
    removalPolicy: RemovalPolicy.DESTROY,
  });
