/** Metrics, as lines of the log that CloudWatch reads (EMF). One costs something only in hours in which it is counted. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { stackName } from './config.ts';

export type MetricName =
  /** Proofs that the prover made and that do not verify. */
  | 'InvalidProofs'
  /** Messages that came to the dead letters. */
  | 'DeadLetters'
  /** What sweep enqueued, ended and set right, and what it could not look at. */
  | 'SweepEnqueued'
  | 'SweepEnded'
  | 'SweepRepaired'
  | 'SweepFailed';

/** What all of them have in common, in whichever stage. */
export const DIMENSIONS = { service: 'nightshift' };

const metrics = new Metrics({ namespace: stackName(), serviceName: DIMENSIONS.service });

export const countMetric = (name: MetricName, value = 1): void => {
  metrics.singleMetric().addMetric(name, MetricUnit.Count, value);
};
