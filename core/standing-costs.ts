/** What a deployment costs while nothing happens. */
import { PRICES } from './prices.ts';

/** What costs by being there. */
export interface Standing {
  /** Queues behind which a function is. */
  polledQueues: number;
  kmsKeys: number;
  webAcls: number;
  webAclRules: number;
  alarms: number;
}

/**
 * An event source asks an empty queue with five long polls of 20 seconds at a time, which it doesn't reduce where there is a
 * maximum concurrency (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html).
 */
const POLLS_PER_SECOND = 5 / 20;

/** AWS's prices are by the month; this one has 30 days. */
export const MONTH_SECONDS = 30 * 24 * 3600;

/** US dollars a month. */
export function standingMonthUsd({ polledQueues, kmsKeys, webAcls, webAclRules, alarms }: Standing) {
  return {
    polling: polledQueues * POLLS_PER_SECOND * MONTH_SECONDS * PRICES.queueRequestUsd,
    kms: kmsKeys * PRICES.kmsKeyMonthUsd,
    webAcl: webAcls * PRICES.webAclMonthUsd + webAclRules * PRICES.webAclRuleMonthUsd,
    alarms: alarms * PRICES.alarmMonthUsd,
  };
}
