/** What a proof by Nightshift costs, in US dollars. */
import { pollPauseMs } from '../../core/jobs/wait.ts';
import { lanesIn, laneTable } from '../../core/lanes.ts';
import {
  AUTHORIZATION_CACHE_SECONDS,
  AUTHORIZE_MB,
  MAX_WAIT_SECONDS,
  STATUS_MB,
  SUBMIT_MB,
} from '../../core/limits.ts';
import { FREE_DISK_MB, invocationUsd, PRICES } from '../../core/prices.ts';
import { MONTH_SECONDS, standingMonthUsd } from '../../core/standing-costs.ts';
import { REQUESTS_OF_A_JOB } from './requests.ts';
import type { Outcome } from './simulate.ts';
import type { Size } from './sizes.ts';

/** What `submit` takes for a job, in seconds: 0.04 on the emulator (docs/performance.md), and AWS is farther away. */
const SUBMIT_SECONDS = 0.1;
/** A guess for `authorize`, which reads a row of the table. */
const AUTHORIZE_SECONDS = 0.05;

/** DynamoDB counts what a transaction writes twice. */
const TRANSACTED = 2;

/** It receives the message, and deletes it. */
const EVENT_SOURCE_REQUESTS = 2;

/** One behind each lane's queue, and one behind the dead letters of all. Of alarms, an account's first ten cost nothing. */
const STANDING = { polledQueues: lanesIn(laneTable()).length + 1, kmsKeys: 1, webAcls: 1, webAclRules: 2, alarms: 0 };

const standing = standingMonthUsd(STANDING);

/** Whether there are jobs or not, each second. */
export const IDLE_USD = (standing.polling + standing.kms + standing.webAcl) / MONTH_SECONDS;

/** Of one proof on average: what its function takes, and all that is around it. */
export function usdPerProof({ workerSeconds, proved, sojourns }: Outcome, { lane }: Size) {
  const proving = invocationUsd(lane, workerSeconds / proved);
  const waited = sojourns.mean;
  const longPolls = Math.ceil(waited / MAX_WAIT_SECONDS);
  const waiting = longPolls * invocationUsd({ memoryMb: STATUS_MB, diskMb: FREE_DISK_MB }, waited / longPolls);
  const submitting = invocationUsd({ memoryMb: SUBMIT_MB, diskMb: FREE_DISK_MB }, SUBMIT_SECONDS);
  const entering = enteringUsd(1 + longPolls, waited);
  return { proving, around: entering + submitting + waiting + storageUsd(longPolls * looksDuring(waited / longPolls)) };
}

/**
 * What it costs that so many requests of one API key, within so many seconds, reach a function. API Gateway asks `authorize`
 * for the first, and goes by its answer for a while; a key that is used all the time shares that among more jobs.
 */
export function enteringUsd(requests: number, seconds: number): number {
  const authorizations = Math.ceil(seconds / AUTHORIZATION_CACHE_SECONDS);
  const authorizing = invocationUsd({ memoryMb: AUTHORIZE_MB, diskMb: FREE_DISK_MB }, AUTHORIZE_SECONDS);
  return (
    requests * (PRICES.apiRequestUsd + PRICES.webAclRequestUsd) + authorizations * (authorizing + PRICES.tableReadUsd)
  );
}

function storageUsd(looks: number): number {
  const { transactedRows, singleRows, indexedChanges, reads, endedRowKb, ...others } = REQUESTS_OF_A_JOB;
  const writes = TRANSACTED * (transactedRows - 1 + endedRowKb) + singleRows + indexedChanges;
  return (
    writes * PRICES.tableWriteUsd +
    (reads + looks) * PRICES.tableReadUsd +
    others.objectsPut * PRICES.objectPutUsd +
    others.objectsGot * PRICES.objectGetUsd +
    (others.queueRequests + EVENT_SOURCE_REQUESTS) * PRICES.queueRequestUsd
  );
}

/** How often a request looks at the job's row that it waits for. */
function looksDuring(seconds: number): number {
  let looks = 1;
  for (let waitedMs = 0; waitedMs < seconds * 1000; waitedMs += pollPauseMs(waitedMs)) looks++;
  return looks;
}
