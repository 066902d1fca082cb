import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Lane } from '../core/lanes.ts';
import { KEYS_PATIENCE_SECONDS, QUEUE_RETENTION_HOURS } from '../core/limits.ts';
import { DIMENSIONS, type MetricName } from '../core/metrics.ts';
import type { DeadLetterQueue } from './dead-letters.ts';
import type { LaneQueue } from './lane.ts';
import { settingsOf } from './settings.ts';
import { StackKey } from './stack-key.ts';

const PERIOD = Duration.minutes(5);

export interface AlarmsProps {
  lanes: LaneQueue[];
  deadLetters: DeadLetterQueue;
  sweep: LambdaFunction;
  audit: LambdaFunction;
}

/** What an operator should hear of, and the topic that tells. docs/runbook.md says what to do on each. */
export class Alarms extends Construct {
  readonly #tell: SnsAction;

  constructor(scope: Construct, id: string, { lanes, deadLetters, sweep, audit }: AlarmsProps) {
    super(scope, id);
    const topic = this.#topic();
    this.#tell = new SnsAction(topic);
    // settle takes a message as soon as it is there: what it leaves is seen in the queue, what it takes only by its count.
    this.#add('DeadLettersLeft', {
      alarmDescription: 'Messages lie in the dead-letter queue: settle does not take them.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: PERIOD }),
    });
    this.#add('DeadLetters', {
      alarmDescription: 'A message came to the dead letters: no delivery could finish its job or its keys.',
      metric: this.#counted('DeadLetters'),
    });
    this.#add('InvalidProofs', {
      alarmDescription: 'The prover made a proof that does not verify. It was not published.',
      metric: this.#counted('InvalidProofs'),
    });
    this.#add('SweepFailed', {
      alarmDescription: 'sweep could not look at a job, or at keys: nobody mends what happens to them.',
      metric: this.#counted('SweepFailed'),
    });
    this.#add('SweepBroken', {
      alarmDescription: 'sweep itself failed: nothing is mended.',
      metric: sweep.metricErrors({ statistic: Stats.SUM, period: PERIOD }),
    });
    this.#add('AuditBroken', {
      alarmDescription:
        'The audit log could not be written. The table tells its changes again for 24 hours, and then no more.',
      metric: audit.metricErrors({ statistic: Stats.SUM, period: PERIOD }),
    });
    for (const { lane, queue } of lanes) {
      this.#add(`Waiting-${lane.name}`, {
        alarmDescription: `A job of lane ${lane.name} waits for longer than emptying a full lane may take.`,
        metric: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: PERIOD }),
        threshold: longestWaitSeconds(lane),
      });
    }
    new CfnOutput(Stack.of(this), 'AlarmTopicArn', { value: topic.topicArn });
  }

  #counted(metricName: MetricName): Metric {
    return new Metric({
      namespace: Stack.of(this).stackName,
      metricName,
      dimensionsMap: DIMENSIONS,
      statistic: Stats.SUM,
      period: PERIOD,
    });
  }

  /** @param props at least 1 of it is too many, unless they say otherwise. */
  #add(id: string, props: Pick<AlarmProps, 'alarmDescription' | 'metric'> & { threshold?: number }): void {
    const alarm = new Alarm(this, id, {
      threshold: 1,
      ...props,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Nothing is counted while nothing happens.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#tell);
  }

  #topic(): Topic {
    const topic = new Topic(this, 'Topic', {
      displayName: 'Nightshift',
      enforceSSL: true,
      masterKey: StackKey.of(this)?.key,
    });
    // A topic with a policy of its own lets in nobody who is not named there.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const { alarmEmail } = settingsOf(this);
    if (alarmEmail) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }
}

/**
 * The last job of a full lane waits until those before it are done, as many at once as the cap lets, each within the
 * time-out; then it is worked at itself. Where any number may wait, half the time after which a job expires, or keys are given up, is too long.
 */
function longestWaitSeconds({ name, capacity, maxConcurrency, timeoutSeconds }: Lane): number {
  const patienceSeconds = name === 'keys' ? KEYS_PATIENCE_SECONDS : QUEUE_RETENTION_HOURS * 3600;
  const rounds = capacity === 0 ? Number.POSITIVE_INFINITY : Math.ceil(capacity / maxConcurrency) + 1;
  return Math.min(rounds * timeoutSeconds, patienceSeconds / 2);
}
