import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { SETTLE_TIMEOUT_SECONDS } from '../core/limits.ts';
import { ANSWERS_PREFIX, WITNESS_PREFIX } from '../core/store/objects.ts';
import type { DeadLetterQueue } from './dead-letters.ts';
import { grantEnqueue, queueUrlsOf } from './enqueue.ts';
import { zipFunction } from './function.ts';
import type { LaneQueue } from './lane.ts';
import { ARTIFACTS, JOBS } from './partitions.ts';
import type { Storage } from './storage.ts';

export interface UpkeepProps {
  storage: Storage;
  lanes: LaneQueue[];
  deadLetters: DeadLetterQueue;
  prefetch: LambdaFunction;
}

/** What runs without being asked: prefetch on a schedule, sweep and settle. */
export class Upkeep extends Construct {
  readonly settleEventSource: string;
  readonly sweep: LambdaFunction;

  constructor(scope: Construct, id: string, props: UpkeepProps) {
    super(scope, id);
    // `npm run deploy` calls it at once; the schedule is for deployments made without that command.
    this.#every(Duration.hours(6), props.prefetch);
    this.sweep = this.#sweep(props);
    this.settleEventSource = this.#settle(props);
  }

  #sweep({ storage, lanes }: UpkeepProps): LambdaFunction {
    const sweep = zipFunction(this, 'sweep', {
      storage,
      memoryMb: 256,
      timeoutSeconds: 50,
      environment: queueUrlsOf(lanes),
    });
    storage.grantRows(sweep, [...JOBS, ...ARTIFACTS], 'GetItem', 'BatchGetItem', 'Query', 'UpdateItem', 'DeleteItem');
    storage.grantIndex(sweep);
    storage.grantList(sweep, WITNESS_PREFIX);
    storage.grantObjects(sweep, WITNESS_PREFIX, 'Delete');
    storage.grantList(sweep, ANSWERS_PREFIX);
    storage.grantObjects(sweep, ANSWERS_PREFIX, 'Delete');
    grantEnqueue(sweep, lanes);
    this.#every(Duration.minutes(1), sweep);
    return sweep;
  }

  /** @returns the UUID of its event source. */
  #settle({ storage, lanes, deadLetters }: UpkeepProps): string {
    const settle = zipFunction(this, 'settle', {
      storage,
      memoryMb: 256,
      timeoutSeconds: SETTLE_TIMEOUT_SECONDS,
      environment: queueUrlsOf(lanes),
    });
    storage.grantRows(settle, [...JOBS, ...ARTIFACTS], 'GetItem', 'Query', 'UpdateItem', 'DeleteItem');
    storage.grantObjects(settle, WITNESS_PREFIX, 'Delete');
    grantEnqueue(settle, lanes);
    const eventSource = new SqsEventSource(deadLetters, { batchSize: 10, reportBatchItemFailures: true });
    settle.addEventSource(eventSource);
    return eventSource.eventSourceMappingId;
  }

  #every(interval: Duration, target: LambdaFunction): void {
    new Rule(target, 'Schedule', { schedule: Schedule.rate(interval), targets: [new LambdaTarget(target)] });
  }
}
