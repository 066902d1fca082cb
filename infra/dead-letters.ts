import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DEAD_LETTER_RETENTION_DAYS, SETTLE_TIMEOUT_SECONDS, VISIBILITY_FACTOR } from '../core/limits.ts';
import { encryptQueue } from './encryption.ts';

/**
 * Where the messages of every lane go that no delivery could finish. SQS remembers which queue each came from, so one
 * serves them all; and one is cheaper than six, since settle polls it while nothing happens.
 */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      enforceSSL: true,
      retentionPeriod: Duration.days(DEAD_LETTER_RETENTION_DAYS),
      visibilityTimeout: Duration.seconds(SETTLE_TIMEOUT_SECONDS * VISIBILITY_FACTOR),
    });
    encryptQueue(this);
  }
}
