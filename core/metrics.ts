/** Metrics, as lines of the log that CloudWatch reads (embedded metric format). */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export const METRICS_NAMESPACE = 'Nightshift';

/** Those that alarms and dashboards go by. */
export const METRIC = {
  /** Proofs that did not verify, and were thrown away. */
  invalidProofs: 'InvalidProofs',
} as const;

const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
// Otherwise every metric would be counted per service, and nowhere as a whole.
metrics.clearDefaultDimensions();

/** Counts something that happened. @param dimensions it is counted per these alone. */
export function countMetric(name: string, value = 1, dimensions: Record<string, string> = {}): void {
  metrics.addDimensions(dimensions);
  metrics.addMetric(name, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
