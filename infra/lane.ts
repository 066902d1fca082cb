import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Lane } from '../core/lanes.ts';
import { MAX_RECEIVES, QUEUE_RETENTION_HOURS, VISIBILITY_FACTOR } from '../core/limits.ts';
import { encryptQueue } from './encryption.ts';

export interface LaneQueueProps<W extends IFunction> {
  lane: Lane;
  deadLetters: Queue;
  /** Makes the function that takes the lane's jobs. */
  worker: (scope: Construct) => W;
}

/** One row of the lane table: its queue, and its worker behind the cap. */
export class LaneQueue<W extends IFunction = IFunction> extends Construct {
  readonly lane: Lane;
  readonly queue: Queue;
  readonly worker: W;
  /** The UUID of the event source. */
  readonly eventSource: string;

  constructor(scope: Construct, id: string, { lane, deadLetters, worker }: LaneQueueProps<W>) {
    super(scope, id);
    this.lane = lane;
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      retentionPeriod: Duration.hours(QUEUE_RETENTION_HOURS),
      visibilityTimeout: Duration.seconds(lane.timeoutSeconds * VISIBILITY_FACTOR),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    encryptQueue(this.queue);
    this.worker = worker(this);
    const eventSource = new SqsEventSource(this.queue, {
      batchSize: 1,
      maxConcurrency: lane.maxConcurrency,
      reportBatchItemFailures: true,
    });
    this.worker.addEventSource(eventSource);
    this.eventSource = eventSource.eventSourceMappingId;
  }
}
